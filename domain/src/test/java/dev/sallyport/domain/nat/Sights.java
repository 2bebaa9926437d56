package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Observation.Source;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** What is seen of a host, written short, for tests: {@code 4000=203.0.113.5:4000}. */
public final class Sights {
  private Sights() {}

  /** By a STUN server over TCP. */
  public static Observation tcp(String seen, String observer) {
    return observation(seen, observer, Transport.TCP, Source.STUN);
  }

  /** By a node of the DHT over UDP. */
  public static Observation udp(String seen, String observer) {
    return observation(seen, observer, Transport.UDP, Source.DHT);
  }

  public static List<InetAddress> addresses(String... texts) {
    return Arrays.stream(texts).map(t -> Objects.requireNonNull(IpLiteral.parse(t))).toList();
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
