@NullMarked
package dev.sallyport.harness.architecture.offenders.domain.nat;

import org.jspecify.annotations.NullMarked;
