@NullMarked
package dev.sallyport.harness.architecture.offenders.attic;

import org.jspecify.annotations.NullMarked;
