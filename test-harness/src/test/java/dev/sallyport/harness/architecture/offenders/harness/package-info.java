@NullMarked
package dev.sallyport.harness.architecture.offenders.harness;

import org.jspecify.annotations.NullMarked;
