/**
 * Whole connections in virtual time: the machines of the domain, the very ones that run in
 * production, on modelled TCP hosts behind modelled NATs. No threads and no wall clock; the same
 * seed gives the same run, to the byte.
 */
@NullMarked
package dev.sallyport.harness.sim;

import org.jspecify.annotations.NullMarked;
