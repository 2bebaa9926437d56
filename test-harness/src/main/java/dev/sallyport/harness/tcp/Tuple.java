package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;

/** The two endpoints of a connection; the local address is the host's. */
record Tuple(int localPort, Endpoint remote) {
  @Override
  public int hashCode() {
    return (remote.address().hashCode() * 31 + remote.port()) * 31 + localPort;
  }
}
