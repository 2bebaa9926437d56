/**
 * A NAT, packet by packet: every way in which the routers of this world differ is a field of {@link
 * dev.sallyport.harness.natbox.NatBehavior}, and {@link dev.sallyport.harness.natbox.NatBox} does
 * what it says. Time and chance come in from outside, so the same box runs in virtual time and
 * between real kernels.
 *
 * <p>The words are those of RFC 4787 (UDP), RFC 5382 (TCP), RFC 5508 (ICMP), RFC 6888
 * (carrier-grade NATs) and RFC 7857 (updates).
 */
@NullMarked
package dev.sallyport.harness.natbox;

import org.jspecify.annotations.NullMarked;
