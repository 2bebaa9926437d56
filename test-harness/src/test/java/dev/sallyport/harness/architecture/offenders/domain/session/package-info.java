@NullMarked
package dev.sallyport.harness.architecture.offenders.domain.session;

import org.jspecify.annotations.NullMarked;
