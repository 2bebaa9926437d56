/** The adapter's tests: real sockets on loopback, and nothing beyond it. */
@NullMarked
package dev.sallyport.net;

import org.jspecify.annotations.NullMarked;
