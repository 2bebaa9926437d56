package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.Endpoint;

/**
 * An established TCP connection that nobody has authenticated yet: an opaque handle that only the
 * adapter that made it can read from. It never enters a machine.
 */
public interface RawConnection extends AutoCloseable {
  Endpoint local();

  Endpoint remote();

  /** Closes the socket. Idempotent, never blocks, from any thread. */
  @Override
  void close();
}
