package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Observation.Source;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Reads observations: {@code A:1 4000=7:61000} is what the STUN server 192.0.2.1 saw with its port
 * 1 of our port 4000, namely 203.0.113.7:61000; B to J are its neighbours. After a comma the next
 * one, 10 ms later. Whole endpoints do as well.
 */
final class Looks {
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private Looks() {}

  static List<Observation> read(Transport transport, Source source, String text) {
    List<Observation> observations = new ArrayList<>();
    if (text.isBlank()) {
      return observations;
    }
    for (String look : text.strip().split(" *, *", -1)) {
      String[] words = look.split("[ =]+", 3);
      observations.add(
          new Observation(
              Integer.parseInt(words[1]),
              outside(words[2]),
              transport,
              observer(words[0]),
              source,
              Duration.ofMillis(20),
              START.plusMillis(10L * observations.size())));
    }
    return observations;
  }

  static List<InetAddress> addresses(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.strip().split(" ", -1))
            .map(t -> Objects.requireNonNull(IpLiteral.parse(t)))
            .toList();
  }

  /** {@code Preserving[] 80}, or {@code unknown}. */
  static String text(Finding<?> finding) {
    return finding.isKnown() ? finding.value() + " " + finding.confidence() : "unknown";
  }

  private static Endpoint observer(String text) {
    return text.charAt(0) >= 'A'
        ? Endpoint.parse("192.0.2." + (text.charAt(0) - 'A' + 1) + text.substring(1))
        : Endpoint.parse(text);
  }

  private static Endpoint outside(String text) {
    return Endpoint.parse(text.contains(".") ? text : "203.0.113." + text);
  }
}
