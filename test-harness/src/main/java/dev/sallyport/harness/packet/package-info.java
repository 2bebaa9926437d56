/**
 * Packets as a wire sees them: just enough of IPv4 and TCP to tell whose SYN was where, and when.
 */
@NullMarked
package dev.sallyport.harness.packet;

import org.jspecify.annotations.NullMarked;
