/**
 * A small house with the rooms of the real one, where every class whose name says what it does
 * breaks the rule about that, in each of its methods. The classes called {@code Innocent} break
 * none.
 */
@NullMarked
package dev.sallyport.harness.architecture.offenders;

import org.jspecify.annotations.NullMarked;
