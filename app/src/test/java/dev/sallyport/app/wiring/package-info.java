@NullMarked
package dev.sallyport.app.wiring;

import org.jspecify.annotations.NullMarked;
