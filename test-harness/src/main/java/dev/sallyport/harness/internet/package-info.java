/**
 * How often a call between two hosts of the real Internet should succeed: many simulated calls
 * between sites that are drawn from a {@link dev.sallyport.harness.internet.Mix}, what somebody
 * measured of the NATs out there, and how sure the result is.
 */
@NullMarked
package dev.sallyport.harness.internet;

import org.jspecify.annotations.NullMarked;
