/**
 * What a NAT does to us, in the words of RFC 4787 (UDP) and RFC 5382 (TCP): mapping, filtering,
 * port allocation, its answer to unsolicited SYNs; and the port through which we learn it, {@link
 * dev.sallyport.domain.nat.Reflector}.
 *
 * <p>{@link dev.sallyport.domain.nat.Evidence} goes in, {@link
 * dev.sallyport.domain.nat.NatClassifier} judges it by rules that stand there, {@link
 * dev.sallyport.domain.nat.NatDiagnosis} comes out, and in it the {@link
 * dev.sallyport.domain.nat.NatProfile} that others get to know. What was sure in it is {@link
 * dev.sallyport.domain.nat.Remembered} for the next run.
 */
@NullMarked
package dev.sallyport.domain.nat;

import org.jspecify.annotations.NullMarked;
