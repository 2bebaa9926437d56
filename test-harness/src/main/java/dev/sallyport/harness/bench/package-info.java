/** Figures that are measured side by side in one process. */
@NullMarked
package dev.sallyport.harness.bench;

import org.jspecify.annotations.NullMarked;
