@NullMarked
package dev.sallyport.harness.rendezvous;

import org.jspecify.annotations.NullMarked;
