@NullMarked
package dev.sallyport.harness.architecture.offenders.domain.attic;

import org.jspecify.annotations.NullMarked;
