/**
 * Sallyport as a library: {@link dev.sallyport.app.Sallyport} opens it, serves and connects. The
 * command line is built on nothing else.
 */
@NullMarked
package dev.sallyport.app;

import org.jspecify.annotations.NullMarked;
