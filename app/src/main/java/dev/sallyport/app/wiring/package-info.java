/**
 * Which adapter stands behind which port: one Guice module per adapter, explicit bindings only, and
 * rendezvous found by the scheme of their URI.
 */
@NullMarked
package dev.sallyport.app.wiring;

import org.jspecify.annotations.NullMarked;
