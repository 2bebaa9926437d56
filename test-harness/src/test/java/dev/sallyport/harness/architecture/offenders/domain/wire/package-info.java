@NullMarked
package dev.sallyport.harness.architecture.offenders.domain.wire;

import org.jspecify.annotations.NullMarked;
