package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Observation.Source;
import dev.sallyport.domain.nat.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Callers and services that look around, and what is seen of them, for tests. */
final class Sightseeing {
  static final String STUN_A = "192.0.2.1:3478";
  static final String STUN_B = "192.0.2.2:3478";

  private Sightseeing() {}

  static Surroundings caller() {
    return new Surroundings(List.of(4000, 4001, 4002), List.of());
  }

  static Surroundings service() {
    return new Surroundings(List.of(8765), List.of());
  }

  static List<String> candidates(Surroundings here) {
    return here.candidates().stream()
        .map(c -> c.kind().name().toLowerCase(Locale.ROOT) + " " + c.endpoint())
        .toList();
  }

  static List<InetAddress> addresses(String... texts) {
    return Arrays.stream(texts).map(t -> Objects.requireNonNull(IpLiteral.parse(t))).toList();
  }

  static Observation tcp(String seen, String observer) {
    return observation(seen, observer, Transport.TCP, Source.STUN);
  }

  static Observation udp(String seen, String observer) {
    return observation(seen, observer, Transport.UDP, Source.DHT);
  }

  private static Observation observation(
      String seen, String observer, Transport transport, Source source) {
    String[] parts = seen.split("=", 2);
    return new Observation(
        Integer.parseInt(parts[0]),
        Endpoint.parse(parts[1]),
        transport,
        Endpoint.parse(observer),
        source,
        Duration.ofMillis(20));
  }
}
