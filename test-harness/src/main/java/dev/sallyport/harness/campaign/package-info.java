/** Many calls between every two kinds of NAT, on any fabric, and what came of them. */
@NullMarked
package dev.sallyport.harness.campaign;

import org.jspecify.annotations.NullMarked;
