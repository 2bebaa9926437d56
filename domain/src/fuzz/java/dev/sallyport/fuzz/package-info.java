/**
 * What the fuzz tests of all modules share. It is compiled into the tests of each of them, so that
 * no module has to depend on another one's tests.
 */
@NullMarked
package dev.sallyport.fuzz;

import org.jspecify.annotations.NullMarked;
