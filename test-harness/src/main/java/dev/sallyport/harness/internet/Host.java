package dev.sallyport.harness.internet;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Site;
import java.util.Optional;

/**
 * What a caller or a service can be in a mix.
 *
 * @param site where it stands; nowhere in a network that lets no UDP out, where there is no DHT and
 *     so no rendezvous: every call to it and from it fails, and none is played
 */
public record Host(Optional<Site> site) {
  /** The word for a network that lets no UDP out. */
  static final String NO_UDP_WORD = "no-udp";

  static final Host NO_UDP = new Host(Optional.empty());

  static Host at(Site site) {
    return new Host(Optional.of(site));
  }

  /**
   * @throws IllegalArgumentException naming the valid words
   */
  static Host parse(String kind) {
    if (kind.equals(NO_UDP_WORD)) {
      return NO_UDP;
    }
    try {
      return at(Site.behind(NatKind.parse(kind)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ", " + NO_UDP_WORD, e);
    }
  }

  /** For people, and in files: {@code port-restricted below symmetric}, {@code no-udp}. */
  public String words() {
    return site.map(Site::words).orElse(NO_UDP_WORD);
  }
}
