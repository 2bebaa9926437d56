package dev.sallyport.domain.identity;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The one line a user pastes: it names a service, commits to its name and its identity key, and is
 * all that is needed to find and call it. Immutable.
 *
 * <p>The first 20 bytes of SHA-256 over one byte with the length of the name, the name in UTF-8,
 * and the 32 bytes of the identity's Ed25519 key. Shown as {@code Id(} 40 hex digits {@code )}.
 */
public final class ServiceId {
  /** Its length in bytes. */
  public static final int LENGTH = 20;

  private static final int DIGITS = 2 * LENGTH;
  private static final String OPENING = "Id(";
  private static final String EXAMPLE =
      "; expected for example Id(0123456789abcdef0123456789abcdef01234567)";

  private final byte[] raw;

  private ServiceId(byte[] raw) {
    this.raw = raw;
  }

  /** The id of the service {@code name} of the identity {@code key}. */
  public static ServiceId of(ServiceName name, PublicKey32 key) {
    byte[] text = name.toByteArray();
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update((byte) text.length);
      sha256.update(text);
      return new ServiceId(Arrays.copyOf(sha256.digest(key.toByteArray()), LENGTH));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Reads an id as a person pastes it: with or without {@code Id(...)}, in any case, with any white
   * space around it.
   *
   * @throws IllegalArgumentException saying what is wrong and what is expected, in one sentence; it
   *     does not repeat the text, because an almost right id is almost a secret
   */
  public static ServiceId parse(String text) {
    String digits = text.strip();
    if (digits.regionMatches(true, 0, OPENING, 0, OPENING.length())) {
      if (!digits.endsWith(")")) {
        throw new IllegalArgumentException("the id lacks its closing parenthesis" + EXAMPLE);
      }
      digits = digits.substring(OPENING.length(), digits.length() - 1);
    }
    if (digits.isEmpty()) {
      throw new IllegalArgumentException("the id is empty" + EXAMPLE);
    }
    if (!digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw new IllegalArgumentException("an id has hex digits only (0-9 and a-f)" + EXAMPLE);
    }
    if (digits.length() != DIGITS) {
      throw new IllegalArgumentException(
          "an id has " + DIGITS + " hex digits, not " + digits.length() + EXAMPLE);
    }
    return new ServiceId(HexFormat.of().parseHex(digits));
  }

  /** A copy of the 20 bytes. */
  public byte[] toByteArray() {
    return raw.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceId that && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  /** {@code Id(} 40 lower-case hex digits {@code )}, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return OPENING + HexFormat.of().formatHex(raw) + ")";
  }
}
