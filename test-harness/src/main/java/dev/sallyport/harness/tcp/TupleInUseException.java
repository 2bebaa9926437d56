package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;

/** Another connection has these two endpoints: "cannot assign requested address", EADDRNOTAVAIL. */
public final class TupleInUseException extends Exception {
  private static final long serialVersionUID = 1L;

  TupleInUseException(int localPort, Endpoint remote) {
    // No stack trace: it happens often, and a simulation has no time for that.
    super("port " + localPort + " to " + remote + " is in use", null, false, false);
  }
}
