package dev.sallyport.app.cli;

import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.identity.ServiceId;

/** The line to paste on the other computer: it works in any shell, and in the same DHT as ours. */
final class Paste {
  private Paste() {}

  /**
   * @param sallyport how to call us
   */
  static String line(String sallyport, ServiceId id, NetworkOptions network) {
    StringBuilder line = new StringBuilder(sallyport).append(" connect ").append(quoted(id + ""));
    for (HostPort node : network.bootstrap()) {
      line.append(" --bootstrap ").append(quoted(node + ""));
    }
    if (!network.rendezvous().equals(NetworkOptions.DEFAULT_RENDEZVOUS)) {
      for (String uri : network.rendezvous()) {
        line.append(" --rendezvous ").append(quoted(uri));
      }
    }
    return line.toString();
  }

  /** Left alone if no shell could take it for anything else. */
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
