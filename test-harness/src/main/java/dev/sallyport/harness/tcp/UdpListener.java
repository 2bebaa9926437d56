package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;
import org.jspecify.annotations.Nullable;

/** Takes the datagrams that come to a port. Called by the scheduler's thread. */
public interface UdpListener {
  /**
   * A datagram has come.
   *
   * @param length in bytes
   */
  void received(Endpoint from, int length, @Nullable Object body);
}
