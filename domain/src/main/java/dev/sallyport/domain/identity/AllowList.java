package dev.sallyport.domain.identity;

import dev.sallyport.domain.wire.MalformedException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whom a service lets in: everybody who has its id, or only the callers with these identity keys.
 *
 * <p>As text it is one key a line, as 64 hex digits, and after it whatever helps people to remember
 * whose it is; empty lines and lines that begin with {@code #} mean nothing:
 *
 * <pre>
 * # who may reach the backup machine
 * 8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f  Ada's laptop
 * </pre>
 *
 * <p>Immutable.
 */
public final class AllowList {
  /** The most keys on one list. */
  public static final int MAX_KEYS = 10_000;

  /** The longest text, in characters. */
  public static final int MAX_TEXT = 1 << 20;

  /** Lets in whoever has the id. */
  public static final AllowList EVERYBODY = new AllowList(null);

  private static final int SHOWN = 24;
  private static final int ID_DIGITS = 2 * ServiceId.LENGTH;

  private final @Nullable Set<PublicKey32> keys;

  private AllowList(@Nullable Set<PublicKey32> keys) {
    this.keys = keys;
  }

  /** Lets in these callers only; nobody, if there are none. */
  public static AllowList of(Set<PublicKey32> keys) {
    return new AllowList(Set.copyOf(keys));
  }

  /**
   * Reads a list of callers.
   *
   * @throws MalformedException naming the line that is no key, or if there is too much
   */
  public static AllowList parse(String text) throws MalformedException {
    if (text.length() > MAX_TEXT) {
      throw new MalformedException(
          "a list of callers has at most " + MAX_TEXT + " characters, not " + text.length());
    }
    Set<PublicKey32> keys = new LinkedHashSet<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      String content = (number == 1 ? withoutMark(line) : line).strip();
      if (content.isEmpty() || content.startsWith("#")) {
        continue;
      }
      keys.add(key(firstWord(content), number));
      if (keys.size() > MAX_KEYS) {
        throw new MalformedException("a list of callers has at most " + MAX_KEYS + " keys");
      }
    }
    return new AllowList(Set.copyOf(keys));
  }

  /** Whether this caller may come in. */
  public boolean allows(PublicKey32 caller) {
    return keys == null || keys.contains(caller);
  }

  /** Whether it lets in whoever has the id. */
  public boolean isOpen() {
    return keys == null;
  }

  /** How many callers are on it. */
  public int size() {
    return keys == null ? 0 : keys.size();
  }

  private static PublicKey32 key(String word, int line) throws MalformedException {
    if (word.length() == 2 * PublicKey32.LENGTH) {
      try {
        return PublicKey32.of(HexFormat.of().parseHex(word));
      } catch (IllegalArgumentException e) {
        // Said below.
      }
    }
    if (word.startsWith("Id(") || (word.length() == ID_DIGITS && isHex(word))) {
      throw new MalformedException(
          "line "
              + line
              + " holds the id of a service where a caller's key is expected: the \"public key\""
              + " that `sallyport id` shows on the caller's computer");
    }
    throw new MalformedException(
        "line "
            + line
            + " begins with \""
            + shown(word)
            + "\" where a caller's key is expected: the 64 hex digits that `sallyport id` shows on"
            + " the caller's computer as its \"public key\"");
  }

  private static boolean isHex(String word) {
    return word.chars().allMatch(HexFormat::isHexDigit);
  }

  private static String firstWord(String content) {
    int end = 0;
    while (end < content.length() && !Character.isWhitespace(content.charAt(end))) {
      end++;
    }
    return content.substring(0, end);
  }

  /** Some editors begin a file with a byte order mark. */
  private static String withoutMark(String line) {
    return line.startsWith("\ufeff") ? line.substring(1) : line;
  }

  /** A strange file shall not play tricks on a terminal. */
  private static String shown(String word) {
    String begin = word.length() <= SHOWN ? word : word.substring(0, SHOWN) + "...";
    return begin.replaceAll("\\p{C}", "?");
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AllowList that
        && (keys == null ? that.keys == null : keys.equals(that.keys));
  }

  @Override
  public int hashCode() {
    return keys == null ? 0 : keys.hashCode();
  }

  /** How many are on it; not who. */
  @Override
  public String toString() {
    return keys == null ? "everybody" : keys.size() + (keys.size() == 1 ? " caller" : " callers");
  }
}
