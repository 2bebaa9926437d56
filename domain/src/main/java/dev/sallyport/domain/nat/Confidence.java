package dev.sallyport.domain.nat;

/** How sure to be: rule 3 of {@link NatClassifier}. */
final class Confidence {
  /** Less than this is a guess. */
  static final int SURE = 50;

  /** What one witness says, or what follows from a rule of thumb. */
  static final int GUESS = 40;

  /** Differences are cheap to fake: more witnesses of them prove no more than two do. */
  static final int DIFFERENCE = 80;

  /** Where one liar of two would be enough. */
  static final int WEAK = 60;

  static final int FULL = 95;

  private Confidence() {}

  /**
   * Percent, from 1.
   *
   * @param support how many independent witnesses say so, at least 1
   * @param dissent how many say otherwise
   */
  static int of(int support, int dissent) {
    int agreed =
        switch (support) {
          case 1 -> GUESS;
          case 2 -> 80;
          case 3 -> 90;
          default -> FULL;
        };
    return Math.max(1, agreed * Math.max(0, support - dissent) / support);
  }

  /** The same, but never more than {@code cap}. */
  static int of(int support, int dissent, int cap) {
    return Math.min(cap, of(support, dissent));
  }
}
