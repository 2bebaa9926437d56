@NullMarked
package dev.sallyport.ws;

import org.jspecify.annotations.NullMarked;
