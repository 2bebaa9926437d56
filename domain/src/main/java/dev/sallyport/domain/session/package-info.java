/**
 * A connection from first look to last byte: the machines of both roles, {@link
 * dev.sallyport.domain.session.CallMachine} and {@link dev.sallyport.domain.session.ServeMachine},
 * HELLO and WELCOME, and the ports that turn a punched socket into an authenticated link.
 */
@NullMarked
package dev.sallyport.domain.session;

import org.jspecify.annotations.NullMarked;
