/**
 * Linux, as far as a laboratory needs it: private namespaces that die with us, TUN devices, and a
 * wire with delay and loss between them. Knows nothing of NATs or of Sallyport.
 */
@NullMarked
package dev.sallyport.harness.linux;

import org.jspecify.annotations.NullMarked;
