/**
 * What came of a measurement of every pair of NATs, as data: how often each pair got through, how,
 * how fast, and why not. Written and read as JSON.
 */
@NullMarked
package dev.sallyport.harness.matrix;

import org.jspecify.annotations.NullMarked;
