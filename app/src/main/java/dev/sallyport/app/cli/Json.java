package dev.sallyport.app.cli;

import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object (RFC 8259), written in the order of the calls. A library would be larger than
 * what it replaces here: nothing is ever read.
 */
final class Json {
  private final StringBuilder out = new StringBuilder("{");

  Json put(String key, @Nullable String value) {
    return raw(key, value == null ? "null" : quote(value));
  }

  Json put(String key, long value) {
    return raw(key, Long.toString(value));
  }

  Json put(String key, boolean value) {
    return raw(key, Boolean.toString(value));
  }

  Json put(String key, Json value) {
    return raw(key, value.toString());
  }

  /** An array of strings, by what the values call themselves. */
  Json put(String key, Collection<?> values) {
    return raw(
        key,
        values.stream().map(v -> quote(v.toString())).collect(Collectors.joining(",", "[", "]")));
  }

  Json putAll(String key, Collection<Json> objects) {
    return raw(
        key, objects.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
  }

  private Json raw(String key, String value) {
    if (out.length() > 1) {
      out.append(',');
    }
    out.append(quote(key)).append(':').append(value);
    return this;
  }

  /** The object, on one line. */
  @Override
  public String toString() {
    return out + "}";
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (mustEscape(text, i)) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /**
   * Controls must be escaped. So should what a terminal, a line reader or UTF-8 cannot carry: C1
   * controls, line separators, half surrogates.
   */
  private static boolean mustEscape(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }
}
