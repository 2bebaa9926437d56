/**
 * The fabric {@code tun}: real processes and the real kernel's TCP in network namespaces, and
 * between them, fed with real packets through TUN devices, the network model with its NATs.
 */
@NullMarked
package dev.sallyport.harness.tun;

import org.jspecify.annotations.NullMarked;
