/**
 * Plays scenarios with the real {@code serve} and {@code connect}: starts them in their places,
 * reads their events, requires an echo, and counts.
 */
@NullMarked
package dev.sallyport.harness.play;

import org.jspecify.annotations.NullMarked;
