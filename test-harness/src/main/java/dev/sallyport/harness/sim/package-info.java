/** What a simulation runs on: time that passes only when nothing is left to do at this moment. */
@NullMarked
package dev.sallyport.harness.sim;

import org.jspecify.annotations.NullMarked;
