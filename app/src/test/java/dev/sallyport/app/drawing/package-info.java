@NullMarked
package dev.sallyport.app.drawing;

import org.jspecify.annotations.NullMarked;
