@NullMarked
package dev.sallyport.harness.architecture.offenders.ws;

import org.jspecify.annotations.NullMarked;
