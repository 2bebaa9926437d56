package dev.sallyport.harness.matrix;

import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object; what is missing, or of another type, is an error that names it.
 *
 * @param where which object this is, for messages
 */
record Fields(String where, Map<?, ?> map) {
  /** Makes something of fields. */
  interface Maker<T> {
    T make(Fields fields) throws MatrixFormatException;
  }

  private static final int LONGEST_QUOTE = 80;

  /** What is made of these fields; what a record refuses is an error in the text. */
  <T> T make(Maker<T> maker) throws MatrixFormatException {
    try {
      return maker.make(this);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  MatrixFormatException wrong(String what) {
    String shown = what.replaceAll("\\p{Cntrl}", " ");
    return new MatrixFormatException(
        "in "
            + where
            + ", "
            + (shown.length() > LONGEST_QUOTE * 2
                ? shown.substring(0, LONGEST_QUOTE * 2) + "…"
                : shown));
  }

  String text(String name) throws MatrixFormatException {
    if (map.get(name) instanceof String text) {
      return text;
    }
    throw isNo(name, "text");
  }

  long whole(String name) throws MatrixFormatException {
    Object value = map.get(name);
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw isNo(name, "whole number");
  }

  int count(String name) throws MatrixFormatException {
    if (map.get(name) instanceof Integer count) {
      return count;
    }
    throw isNo(name, "count");
  }

  double number(String name) throws MatrixFormatException {
    Object value = map.get(name);
    // Jackson makes the other kinds of Number of what is too large to mean anything here.
    if (value instanceof Number number && !(value instanceof BigInteger)) {
      return number.doubleValue();
    }
    throw isNo(name, "number");
  }

  double numberOrNaN(String name) throws MatrixFormatException {
    return map.containsKey(name) && map.get(name) == null ? Double.NaN : number(name);
  }

  Instant instant(String name) throws MatrixFormatException {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeParseException e) {
      throw isNo(name, "moment");
    }
  }

  Map<String, Integer> counts(String name) throws MatrixFormatException {
    if (!(map.get(name) instanceof Map<?, ?> values)) {
      throw isNo(name, "object of counts");
    }
    Fields inner = new Fields("\"" + name + "\" of " + where, values);
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Object key : values.keySet()) {
      counts.put(String.valueOf(key), inner.count(String.valueOf(key)));
    }
    return counts;
  }

  List<Fields> objects(String name) throws MatrixFormatException {
    if (!(map.get(name) instanceof List<?> values)) {
      throw isNo(name, "list");
    }
    List<Fields> objects = new ArrayList<>();
    for (Object value : values) {
      String number = "number " + (objects.size() + 1) + " of its \"" + name + "\"";
      objects.add(new Fields(number, asMap(value, number)));
    }
    return objects;
  }

  private Map<?, ?> asMap(@Nullable Object value, String number) throws MatrixFormatException {
    if (value instanceof Map<?, ?> object) {
      return object;
    }
    throw wrong(number + " is no object");
  }

  private MatrixFormatException isNo(String name, String type) {
    String shown = name.length() > LONGEST_QUOTE ? name.substring(0, LONGEST_QUOTE) + "…" : name;
    return wrong("\"" + shown + (map.containsKey(name) ? "\" is no " + type : "\" is missing"));
  }
}
