/**
 * The laboratory of the project: real processes, between NATs that are made for them. {@link
 * dev.sallyport.harness.Lab} is its command line.
 */
@NullMarked
package dev.sallyport.harness;

import org.jspecify.annotations.NullMarked;
