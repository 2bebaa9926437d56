package dev.sallyport.domain.identity;

import java.nio.charset.StandardCharsets;

/**
 * The name of one of the services an identity offers: 1 to 64 bytes of UTF-8 without control
 * characters. It is part of what a {@link ServiceId} commits to, so it is compared byte for byte.
 */
public record ServiceName(String value) {
  /** In bytes of UTF-8. */
  public static final int MAX_LENGTH = 64;

  /** The service of an identity that offers one only. */
  public static final ServiceName DEFAULT = new ServiceName("default");

  /**
   * @throws IllegalArgumentException saying what is wrong, in one sentence
   */
  public ServiceName {
    int length = value.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a service name has 1 to 64 bytes, not " + length + "; for example \"default\"");
    }
    if (value.codePoints().anyMatch(ServiceName::isForbidden)) {
      throw new IllegalArgumentException(
          "a service name has no control characters; for example \"default\"");
    }
  }

  /** The name in UTF-8. */
  public byte[] toByteArray() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return value;
  }

  /**
   * Fixed ranges, because Unicode categories change between JDKs and a name must be valid
   * everywhere or nowhere: controls, half surrogates (not UTF-8), line and paragraph separators,
   * and the marks that reorder text on a terminal.
   */
  private static boolean isForbidden(int codePoint) {
    return Character.isISOControl(codePoint)
        || (codePoint >= 0xd800 && codePoint <= 0xdfff)
        || (codePoint >= 0x2028 && codePoint <= 0x202e)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }
}
