package dev.sallyport.app.cli;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.PublicKey32;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Numbers, times and endpoints as people say them. */
final class Words {
  private static final int TAG_DIGITS = 6;

  private Words() {}

  /** "1 node", "8 nodes". */
  static String count(long number, String one) {
    return number + " " + (number == 1 ? one : one + "s");
  }

  /** "0.31 s", "12 s". */
  static String seconds(Duration duration) {
    long hundredths = Math.max(0, duration.toMillis()) / 10;
    if (hundredths >= 1000) {
      return hundredths / 100 + " s";
    }
    long fraction = hundredths % 100;
    return hundredths / 100 + "." + (fraction < 10 ? "0" : "") + fraction + " s";
  }

  /** "12 s", "3 min", "2 h", "5 days": the largest unit, rounded down. */
  static String roughly(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 2 * 3600) {
      return seconds / 60 + " min";
    }
    return seconds < 2 * 86400 ? seconds / 3600 + " h" : seconds / 86400 + " days";
  }

  /** "12 s ago"; a clock that is a little ahead makes it "just now". */
  static String ago(Instant when, Instant now) {
    Duration age = Duration.between(when, now);
    return age.toSeconds() < 1 ? "just now" : roughly(age) + " ago";
  }

  /** "2026-11-22 13:40:05 UTC". */
  static String utc(Instant when) {
    String iso = when.truncatedTo(ChronoUnit.SECONDS).toString();
    return iso.replace('T', ' ').replace("Z", " UTC");
  }

  /** The start of a key, enough to tell callers apart. */
  static String tag(PublicKey32 key) {
    return key.toString().substring(0, TAG_DIGITS);
  }

  static String join(Collection<?> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  /** Each address once, with its ports: "198.18.0.2:4001", "198.18.0.2 (ports 4001, 4002)". */
  static String endpoints(List<Endpoint> endpoints) {
    Map<InetAddress, List<Endpoint>> byAddress = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      byAddress.computeIfAbsent(endpoint.address(), a -> new ArrayList<>()).add(endpoint);
    }
    return byAddress.entrySet().stream()
        .map(
            entry ->
                entry.getValue().size() == 1
                    ? entry.getValue().getFirst().toString()
                    : IpLiteral.format(entry.getKey())
                        + " (ports "
                        + join(entry.getValue().stream().map(Endpoint::port).toList())
                        + ")")
        .collect(Collectors.joining(", "));
  }

  /**
   * A text that cannot move the cursor, colour, reorder or otherwise dress up as something else:
   * what peers and strangers send is shown on a terminal.
   */
  static String printable(String text) {
    if (text.codePoints().noneMatch(Words::isTreacherous)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              if (isTreacherous(c)) {
                shown.append("<U+").append("%04X".formatted(c)).append('>');
              } else {
                shown.appendCodePoint(c);
              }
            });
    return shown.toString();
  }

  private static boolean isTreacherous(int codePoint) {
    return (Character.isISOControl(codePoint) && codePoint != '\t')
        || (codePoint >= 0x200e && codePoint <= 0x200f)
        || (codePoint >= 0x2028 && codePoint <= 0x202e)
        || (codePoint >= 0x2066 && codePoint <= 0x2069);
  }
}
