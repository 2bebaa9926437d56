@NullMarked
package dev.sallyport.app.storage;

import org.jspecify.annotations.NullMarked;
