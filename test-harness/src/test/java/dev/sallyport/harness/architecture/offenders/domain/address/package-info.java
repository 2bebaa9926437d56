@NullMarked
package dev.sallyport.harness.architecture.offenders.domain.address;

import org.jspecify.annotations.NullMarked;
