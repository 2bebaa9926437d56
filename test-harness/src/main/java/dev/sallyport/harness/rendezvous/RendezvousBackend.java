package dev.sallyport.harness.rendezvous;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Slot;
import java.io.IOException;

/**
 * Where the clients of one contract test meet: a server, a network of nodes, a folder; empty at
 * first. Only {@link #newClient} and {@link #close} have to be written. The others each let more of
 * the contract be played; what cannot be played is reported as an aborted test that says why.
 *
 * <p>Threading: called on the tests' thread only. Whatever is thrown fails the test.
 */
public interface RendezvousBackend extends AutoCloseable {
  /** A client that has done nothing yet, not even joined. The contract closes it. */
  Rendezvous newClient() throws Exception;

  /** Whether what is not signed with a slot's seed is kept from its readers. */
  default boolean verifiesWriters() {
    return false;
  }

  /**
   * From now on the back end takes what it is sent and answers nothing.
   *
   * @return false if it cannot be made to
   */
  default boolean hang() throws Exception {
    return false;
  }

  /**
   * From now on the back end fails whatever it is asked: it is gone, refuses, is broken.
   *
   * @return false if it cannot be made to
   */
  default boolean fail() throws Exception {
    return false;
  }

  /**
   * Undoes {@link #fail}; what was stored before may be lost.
   *
   * @return false if it cannot be undone
   */
  default boolean heal() throws Exception {
    return false;
  }

  /**
   * Leaves in the back end what no client of ours would: other programs' data, garbage under the
   * slot's own name, too much of it.
   *
   * @return false if there is no way to
   */
  default boolean litter(Slot slot) throws Exception {
    return false;
  }

  /** Ends it; its clients are closed by then. */
  @Override
  void close() throws IOException;
}
