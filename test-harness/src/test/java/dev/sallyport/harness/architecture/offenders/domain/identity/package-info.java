@NullMarked
package dev.sallyport.harness.architecture.offenders.domain.identity;

import org.jspecify.annotations.NullMarked;
