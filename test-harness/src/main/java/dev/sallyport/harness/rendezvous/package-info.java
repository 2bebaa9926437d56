/**
 * The contract of {@link dev.sallyport.domain.rendezvous.Rendezvous} as tests that anybody who
 * writes one can run: extend {@link dev.sallyport.harness.rendezvous.RendezvousContract} and tell
 * it how to open a back end.
 *
 * <p>JUnit 5 and AssertJ come from the module that extends it; nothing else of the harness, and no
 * jar made of it, needs them.
 */
@NullMarked
package dev.sallyport.harness.rendezvous;

import org.jspecify.annotations.NullMarked;
