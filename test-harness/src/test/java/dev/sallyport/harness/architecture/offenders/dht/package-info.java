@NullMarked
package dev.sallyport.harness.architecture.offenders.dht;

import org.jspecify.annotations.NullMarked;
