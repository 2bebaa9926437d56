@NullMarked
package dev.sallyport.app.cli;

import org.jspecify.annotations.NullMarked;
