package dev.sallyport.app.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON strictly (RFC 8259), to see whether what we write is any. */
final class JsonText {
  private final String text;
  private int at;

  private JsonText(String text) {
    this.text = text;
  }

  /** The object on one line, its keys in their order. */
  static Map<String, @Nullable Object> object(String line) {
    JsonText json = new JsonText(line);
    json.require(line.startsWith("{"));
    Map<String, @Nullable Object> object = json.map();
    json.require(json.at == line.length());
    return object;
  }

  private @Nullable Object value() {
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> map();
      case '[' -> list();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, @Nullable Object> map() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    while (text.charAt(at) != '}') {
      String key = string();
      take(':');
      require(!map.containsKey(key));
      map.put(key, value());
      if (text.charAt(at) != '}') {
        take(',');
        require(text.charAt(at) == '"');
      }
    }
    at++;
    return map;
  }

  private List<@Nullable Object> list() {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    while (text.charAt(at) != ']') {
      list.add(value());
      if (text.charAt(at) != ']') {
        take(',');
        require(text.charAt(at) != ']');
      }
    }
    at++;
    return list;
  }

  private String string() {
    take('"');
    StringBuilder value = new StringBuilder();
    while (text.charAt(at) != '"') {
      char c = text.charAt(at++);
      require(c >= 0x20);
      value.append(c == '\\' ? escaped() : c);
    }
    at++;
    return value.toString();
  }

  private char escaped() {
    char c = text.charAt(at++);
    if (c == 'u') {
      at += 4;
      return (char) Integer.parseInt(text.substring(at - 4, at), 16);
    }
    int known = "\"\\/bfnrt".indexOf(c);
    require(known >= 0);
    return "\"\\/\b\f\n\r\t".charAt(known);
  }

  private Long number() {
    int from = at;
    while (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return Long.valueOf(text.substring(from, at));
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    require(text.startsWith(word, at));
    at += word.length();
    return value;
  }

  private void take(char c) {
    require(text.charAt(at) == c);
    at++;
  }

  private void require(boolean holds) {
    if (!holds) {
      throw new AssertionError("not JSON at " + at + ": " + text);
    }
  }
}
