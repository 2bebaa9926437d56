@NullMarked
package dev.sallyport.app.natreport;

import org.jspecify.annotations.NullMarked;
