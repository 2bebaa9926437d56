package dev.sallyport.harness.scenario;

import java.util.Locale;

/** Whose nodes the DHT in the middle is made of, all of it. */
public enum DhtSoftware {
  /** Our own nodes, which stand on mldht. */
  MLDHT,
  /** Nodes of libtorrent (rasterbar), which most of the public network runs. */
  LIBTORRENT;

  /** Its name in options and reports: {@code mldht}, {@code libtorrent}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException naming the valid ones
   */
  public static DhtSoftware parse(String text) {
    for (DhtSoftware software : values()) {
      if (software.word().equals(text)) {
        return software;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no DHT software; expected mldht or libtorrent");
  }
}
