@NullMarked
package dev.sallyport.harness.architecture.offenders.net;

import org.jspecify.annotations.NullMarked;
