/**
 * What is tried, as data: two sites with their NATs, the path between them, who plays which role,
 * and what must come of it. A scenario knows nothing of the fabric that plays it.
 */
@NullMarked
package dev.sallyport.harness.scenario;

import org.jspecify.annotations.NullMarked;
