/**
 * What a NAT does to us, in the words of RFC 4787 (UDP) and RFC 5382 (TCP): mapping, filtering,
 * port allocation, its answer to unsolicited SYNs; and the port through which we learn it, {@link
 * dev.sallyport.domain.nat.Reflector}.
 */
@NullMarked
package dev.sallyport.domain.nat;

import org.jspecify.annotations.NullMarked;
