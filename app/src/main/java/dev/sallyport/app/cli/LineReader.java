package dev.sallyport.app.cli;

import dev.sallyport.domain.session.Link;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Lines of UTF-8, each small enough for one message. A line that is too long is cut into several,
 * at a character. Not thread-safe.
 */
final class LineReader {
  private static final int BUFFER = 1 << 13;

  private final InputStream in;
  private final int limit;
  private final byte[] buffer = new byte[BUFFER];
  private int position;
  private int end;

  LineReader(InputStream in) {
    this(in, Link.MAX_MESSAGE_BYTES);
  }

  /**
   * @param limit the most bytes in a line, at least 4
   */
  LineReader(InputStream in, int limit) {
    this.in = in;
    this.limit = limit;
  }

  /** The next line without its end; null at the end of the input, and when it breaks. */
  @Nullable String next() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int next = peek();
      if (next < 0) {
        return line.size() == 0 ? null : text(line);
      }
      if (line.size() >= limit - 3 && startsCharacter(next) && next != '\n') {
        return text(line);
      }
      position++;
      if (next == '\n') {
        return text(line);
      }
      line.write(next);
      if (line.size() == limit) {
        return text(line);
      }
    }
  }

  /** Whether {@link #next} has at least the beginning of a line at hand. */
  boolean hasBuffered() {
    return position < end;
  }

  private int peek() {
    if (position == end) {
      try {
        end = Math.max(0, in.read(buffer, 0, buffer.length));
      } catch (IOException e) {
        end = 0;
      }
      position = 0;
    }
    return position < end ? buffer[position] & 0xff : -1;
  }

  /** UTF-8 marks the bytes that continue a character with the bits 10. */
  private static boolean startsCharacter(int value) {
    return (value & 0xc0) != 0x80;
  }

  private static String text(ByteArrayOutputStream line) {
    String text = line.toString(StandardCharsets.UTF_8);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
