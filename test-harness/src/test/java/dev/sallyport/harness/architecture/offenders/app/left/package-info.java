@NullMarked
package dev.sallyport.harness.architecture.offenders.app.left;

import org.jspecify.annotations.NullMarked;
