@NullMarked
package dev.sallyport.app.callreport;

import org.jspecify.annotations.NullMarked;
