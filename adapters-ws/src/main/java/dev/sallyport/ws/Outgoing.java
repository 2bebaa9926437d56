package dev.sallyport.ws;

import dev.sallyport.domain.session.Link;
import java.nio.charset.StandardCharsets;

/** Messages on their way out, checked: a peer of ours would break the link over a bad one. */
final class Outgoing {
  private Outgoing() {}

  /**
   * A text as UTF-8.
   *
   * @throws IllegalArgumentException if it is too long, or not Unicode
   */
  static byte[] text(String text) {
    // Every char takes a byte at least: what is too long by far is not encoded first.
    requireSize(text.length());
    requireUnicode(text);
    return binary(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The same bytes.
   *
   * @throws IllegalArgumentException if they are too many
   */
  static byte[] binary(byte[] bytes) {
    requireSize(bytes.length);
    return bytes;
  }

  private static void requireSize(int bytes) {
    if (bytes > Link.MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "a message has at most " + Link.MAX_MESSAGE_BYTES + " bytes, this one has more");
    }
  }

  private static void requireUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
        if (!pair) {
          throw new IllegalArgumentException("not Unicode text: half a surrogate pair at " + i);
        }
        i++;
      }
    }
  }
}
