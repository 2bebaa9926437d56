@NullMarked
package dev.sallyport.dht;

import org.jspecify.annotations.NullMarked;
