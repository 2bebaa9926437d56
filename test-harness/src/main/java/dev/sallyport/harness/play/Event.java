package dev.sallyport.harness.play;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event that a process of Sallyport reported, a line of JSON.
 *
 * @param millis since the process was started
 */
record Event(String kind, Map<String, Object> fields, long millis) {
  static final String REGISTERED = "registered";
  static final String CONNECTED = "connected";
  static final String RUNG = "rung";
  static final String MESSAGE = "message";
  static final String FAILED = "failed";
  static final String NETWORK = "network";

  /** The event in this line, or null if the line is something else. */
  static @Nullable Event parse(String line, long millis) {
    if (!line.startsWith("{")) {
      return null;
    }
    try {
      Map<String, Object> fields = JSON.std.mapFrom(line);
      return fields.get("event") instanceof String kind ? new Event(kind, fields, millis) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** A field as text; empty if it is not there. */
  String text(String field) {
    Object value = fields.get(field);
    return value == null ? "" : value.toString();
  }

  /** A field as a number; -1 if it is none. */
  long number(String field) {
    return fields.get(field) instanceof Number number ? number.longValue() : -1;
  }
}
