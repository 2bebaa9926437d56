package dev.sallyport.ws;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1.1 message (RFC 9112), read strictly and with a bound, before anything less
 * careful sees it. A field that stands twice, a folded line and bytes outside printable ASCII are
 * refused.
 */
final class HttpHead {
  /** The largest head, its closing empty line included. */
  static final int MAX_BYTES = 4096;

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final byte[] bytes;
  private final byte[] rest;
  private final String startLine;
  private final Map<String, String> fields;

  private HttpHead(byte[] bytes, byte[] rest, String startLine, Map<String, String> fields) {
    this.bytes = bytes;
    this.rest = rest;
    this.startLine = startLine;
    this.fields = fields;
  }

  /**
   * Reads a head and no more than {@link #MAX_BYTES}; blocks until it is complete.
   *
   * @param start what the first line must begin with; anything else is refused at its first byte
   * @throws LinkException {@code PROTOCOL} for what is not such a head, {@code BROKEN} at the end
   *     of the stream
   */
  static HttpHead read(SecureChannel channel, String start) throws LinkException {
    byte[] buffer = new byte[MAX_BYTES];
    int have = 0;
    while (have < MAX_BYTES) {
      int count = channel.read(buffer, have, MAX_BYTES - have);
      if (count < 0) {
        throw new LinkException(
            LinkException.Reason.BROKEN, "the peer hung up before it finished its HTTP head");
      }
      int from = have;
      have += count;
      requireStart(buffer, have, start);
      int end = endOfHead(buffer, Math.max(0, from - 3), have);
      if (end >= 0) {
        byte[] rest = Arrays.copyOfRange(buffer, end, have);
        return parse(Arrays.copyOf(buffer, end), rest);
      }
    }
    throw protocol("an HTTP head of more than " + MAX_BYTES + " bytes");
  }

  private static void requireStart(byte[] buffer, int have, String start) throws LinkException {
    for (int i = 0; i < Math.min(have, start.length()); i++) {
      if (buffer[i] != start.charAt(i)) {
        throw protocol("something that does not begin with \"" + start + "\"");
      }
    }
  }

  /** The index after the empty line, or -1. */
  private static int endOfHead(byte[] buffer, int from, int to) {
    for (int i = from; i + 3 < to; i++) {
      if (buffer[i] == '\r'
          && buffer[i + 1] == '\n'
          && buffer[i + 2] == '\r'
          && buffer[i + 3] == '\n') {
        return i + 4;
      }
    }
    return -1;
  }

  private static HttpHead parse(byte[] bytes, byte[] rest) throws LinkException {
    String text = new String(bytes, 0, bytes.length - 4, StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\r\n", -1);
    Map<String, String> fields = new TreeMap<>();
    for (String line : lines) {
      if (!line.chars().allMatch(c -> c == '\t' || (c >= ' ' && c <= '~'))) {
        throw protocol("an HTTP head with other bytes than printable ASCII");
      }
    }
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      String name = lines[i].substring(0, Math.max(0, colon));
      if (!TOKEN.matcher(name).matches()) {
        throw protocol("an HTTP header line without a name");
      }
      String value = lines[i].substring(colon + 1).strip();
      if (fields.put(name.toLowerCase(Locale.ROOT), value) != null) {
        throw protocol("the HTTP field " + name.toLowerCase(Locale.ROOT) + " twice");
      }
    }
    return new HttpHead(bytes, rest, lines[0], fields);
  }

  /** The first line. */
  String startLine() {
    return startLine;
  }

  /** A field's value without the white space around it, or null. */
  @Nullable String field(String name) {
    return fields.get(name.toLowerCase(Locale.ROOT));
  }

  /** The head as it came, its empty line included. */
  byte[] bytes() {
    return bytes;
  }

  /** What came with the head and stands behind it. */
  byte[] rest() {
    return rest;
  }

  /** The peer said something else than it should have. */
  static LinkException protocol(String what) {
    return new LinkException(
        LinkException.Reason.PROTOCOL, "the peer does not speak Sallyport: it sent " + what);
  }
}
