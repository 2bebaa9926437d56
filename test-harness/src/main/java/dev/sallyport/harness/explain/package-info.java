/** What happens between two kinds of NAT and why, told from one simulated call. */
@NullMarked
package dev.sallyport.harness.explain;

import org.jspecify.annotations.NullMarked;
