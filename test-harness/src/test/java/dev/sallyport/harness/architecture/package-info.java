/**
 * The rules of the house: which room may know which, and what the domain may touch. Beside each
 * rule stand its offenders, a small house with a fault in every room, so that no rule can pass
 * because it sees nothing.
 */
@NullMarked
package dev.sallyport.harness.architecture;

import org.jspecify.annotations.NullMarked;
