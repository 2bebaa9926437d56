package dev.sallyport.harness.model;

import java.util.Locale;

/** Where a packet can be, from the one host to the other: the lanes of a drawn packet ladder. */
public enum Spot {
  /** The host that calls. */
  CLIENT,
  /** The NAT nearest to it. */
  CLIENT_NAT,
  /** The carrier-grade NAT above that, if any. */
  CLIENT_CARRIER,
  /** The open Internet. */
  MIDDLE,
  /** The carrier-grade NAT above the server's NAT; of both, where they share one. */
  SERVER_CARRIER,
  /** The NAT nearest to the server; of both, where they are on one network. */
  SERVER_NAT,
  /** The host that offers the service. */
  SERVER;

  /** Its name in reports: {@code client NAT}. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ').replace(" nat", " NAT");
  }
}
