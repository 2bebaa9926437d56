@NullMarked
package dev.sallyport.harness.architecture.offenders.app.right;

import org.jspecify.annotations.NullMarked;
