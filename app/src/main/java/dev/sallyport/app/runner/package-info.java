/**
 * The imperative shell: runs the domain's machines on real ports. One machine, one thread at a
 * time; adapters call back with events; every effect that starts something ends in exactly one
 * event.
 */
@NullMarked
package dev.sallyport.app.runner;

import org.jspecify.annotations.NullMarked;
