package dev.sallyport.harness.matrix;

import java.util.regex.Pattern;

/**
 * A kind of NAT that was measured. Immutable.
 *
 * @param word its short name, for example {@code port-restricted-rst}: letters, digits, dots and
 *     underscores, with single hyphens between them, at most 40 characters
 * @param difficulty the class it counts in
 * @param description what it does, a few words for people; may be empty
 */
public record Kind(String word, Difficulty difficulty, String description) {
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._]+(-[A-Za-z0-9._]+)*");
  private static final int LONGEST = 40;

  public Kind {
    if (word.length() > LONGEST || !WORD.matcher(word).matches()) {
      throw new IllegalArgumentException("\"" + word + "\" is no name of a kind of NAT");
    }
  }
}
