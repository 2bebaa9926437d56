/**
 * What a fabric for real processes offers: networks made from a scenario, places in them where
 * processes run, and a record of the SYNs that went by.
 */
@NullMarked
package dev.sallyport.harness.fabric;

import org.jspecify.annotations.NullMarked;
