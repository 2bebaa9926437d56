/**
 * A third party's rendezvous, as an example: {@code board:http://HOST:PORT}. The client and the
 * module are the plugin; {@link com.example.rendezvous.Board} is the server it talks to.
 */
@NullMarked
package com.example.rendezvous;

import org.jspecify.annotations.NullMarked;
