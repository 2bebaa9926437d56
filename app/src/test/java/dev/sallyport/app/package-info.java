/** The library and the program as their users see them. */
@NullMarked
package dev.sallyport.app;

import org.jspecify.annotations.NullMarked;
