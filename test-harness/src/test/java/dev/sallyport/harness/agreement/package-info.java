/**
 * One language, three fabrics: what a scenario means must not depend on who plays it. The table
 * {@link dev.sallyport.harness.agreement.Agreement} is played by modelled hosts in virtual time, by
 * real sockets through the model's NATs, and by real sockets through the kernel's.
 */
@NullMarked
package dev.sallyport.harness.agreement;

import org.jspecify.annotations.NullMarked;
