package dev.sallyport.harness.fabric;

import java.util.Locale;

/** Where in a network a process can run. */
public enum Place {
  /** The host that calls. */
  CLIENT,
  /** The host that offers the service. */
  SERVER,
  /** The open Internet between them, where the DHT nodes and the STUN servers are. */
  MIDDLE;

  /** Its name in lower case. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
