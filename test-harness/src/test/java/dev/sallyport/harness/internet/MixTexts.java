package dev.sallyport.harness.internet;

/** Mixes for tests. */
final class MixTexts {
  private MixTexts() {}

  /** A mix of these lines and what every mix needs besides. */
  static String with(String... lines) {
    return """
        title    Of a test
        source   Thin air
        measured 2020
        rtt      20 ms 100%
        """
        + String.join("\n", lines);
  }

  static Mix read(String... lines) {
    try {
      return MixReader.read("test", "test.mix", with(lines));
    } catch (MixFormatException e) {
      throw new AssertionError(e);
    }
  }
}
