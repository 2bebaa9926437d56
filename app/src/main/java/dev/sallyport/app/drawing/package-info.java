/** Drawings of what happened on the wire, for people, as self-contained text. */
@NullMarked
package dev.sallyport.app.drawing;

import org.jspecify.annotations.NullMarked;
