@NullMarked
package dev.sallyport.net.file;

import org.jspecify.annotations.NullMarked;
