/**
 * The network of a scenario: hosts, the NATs above them, the lines to the middle with their delay,
 * jitter, loss and reordering. It moves packets and lets time pass by a clock that is given to it,
 * so it runs in virtual time and in real time, to the same effect.
 */
@NullMarked
package dev.sallyport.harness.model;

import org.jspecify.annotations.NullMarked;
