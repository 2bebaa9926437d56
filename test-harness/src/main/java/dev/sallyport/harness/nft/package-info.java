/**
 * The fabric {@code nft}: network namespaces, and the Linux kernel's own NAT with rules of
 * nftables.
 */
@NullMarked
package dev.sallyport.harness.nft;

import org.jspecify.annotations.NullMarked;
