package dev.sallyport.harness.fabric;

/** Where in a network a process can run. */
public enum Place {
  /** The host that calls. */
  CLIENT,
  /** The host that offers the service. */
  SERVER,
  /** The open Internet between them, where the DHT nodes and the STUN servers are. */
  MIDDLE
}
