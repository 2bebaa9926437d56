package dev.sallyport.harness.sim;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.session.RefusalCode;

/**
 * What the two ends say to each other on a connection: the two exchanges that make a link, and the
 * echo that proves it. Lengths are about those of TLS 1.3 and of the WebSocket upgrade.
 */
sealed interface Said {
  /** On the wire, in bytes. */
  int length();

  /** The caller's first flight of TLS. */
  record ClientHello() implements Said {
    @Override
    public int length() {
      return 300;
    }
  }

  /** The service's, which shows its link key. */
  record ServerFlight(PublicKey32 linkKey) implements Said {
    @Override
    public int length() {
      return 900;
    }
  }

  /** The caller's second flight, and the upgrade request with HELLO. */
  record Hello(CallNonce nonce, PublicKey32 callerKey) implements Said {
    @Override
    public int length() {
      return 1100;
    }
  }

  /** The answer to it: the link is up. */
  record Welcome(CallNonce nonce) implements Said {
    @Override
    public int length() {
      return 300;
    }
  }

  /** The other answer. */
  record Refused(RefusalCode code) implements Said {
    @Override
    public int length() {
      return 200;
    }
  }

  /** A message over the link, for the echo to come back. */
  record Ping() implements Said {
    @Override
    public int length() {
      return 30;
    }
  }

  /** The echo. */
  record Pong() implements Said {
    @Override
    public int length() {
      return 30;
    }
  }
}
