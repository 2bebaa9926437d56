package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Observation.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A NAT with one outer address, and witnesses of whom some lie. */
final class SimpleNat {
  static final List<Integer> LOCAL_PORTS = List.of(40_000, 40_001, 40_002);
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  private final Behavior mapping;
  private final PortAllocation allocation;
  private final SplittableRandom random;
  private final Map<Object, Endpoint> mappings = new HashMap<>();
  private final Set<Integer> taken = new HashSet<>();
  private int last = 30_000;
  private int milli;

  private record Key(int localPort, Object remote) {}

  SimpleNat(Behavior mapping, PortAllocation allocation, SplittableRandom random) {
    this.mapping = mapping;
    this.allocation = allocation;
    this.random = random;
  }

  /** What honest witnesses see, each with both of its ports, of each local port. */
  List<Observation> seenBy(int witnesses, int portsEach) {
    List<Observation> seen = new ArrayList<>();
    for (int w = 0; w < witnesses; w++) {
      for (int port : LOCAL_PORTS) {
        for (int p = 0; p < portsEach; p++) {
          Endpoint observer = Endpoint.parse("198.51.100." + (w + 1) + ":" + (3478 + p));
          seen.add(look(port, outside(port, observer), observer));
        }
      }
    }
    return seen;
  }

  /** What liars say: each has its way, and some of them agree with each other. */
  List<Observation> lies(int liars, int portsEach, List<Observation> honest) {
    List<Observation> lies = new ArrayList<>();
    int way = random.nextInt(4);
    for (int w = 0; w < liars; w++) {
      String address = "192.0.2." + (w + 1);
      int own = random.nextBoolean() ? way : random.nextInt(4);
      for (int port : LOCAL_PORTS) {
        for (int p = 0; p < portsEach; p++) {
          Observation near = honest.get(random.nextInt(honest.size()));
          Endpoint claim =
              switch (own) {
                case 0 -> Endpoint.parse("203.0.113.66:" + (port + 1)); // all the same
                case 1 -> Endpoint.parse("203.0.113." + random.nextInt(9, 250) + ":" + anyPort());
                case 2 -> near.observed().withPort(anyPort());
                default ->
                    near.observed()
                        .withPort(
                            Math.clamp(near.observed().port() + random.nextInt(-99, 99), 1, 65535));
              };
          lies.add(look(port, claim, Endpoint.parse(address + ":" + (3478 + p))));
        }
      }
    }
    return lies;
  }

  private int anyPort() {
    return random.nextInt(1024, 65536);
  }

  private Observation look(int port, Endpoint seen, Endpoint observer) {
    return new Observation(
        port,
        seen,
        Transport.TCP,
        observer,
        Source.STUN,
        Duration.ofMillis(20),
        START.plusMillis(milli++));
  }

  private Endpoint outside(int port, Endpoint remote) {
    Object scope =
        switch (mapping) {
          case ENDPOINT_INDEPENDENT -> "all";
          case ADDRESS_DEPENDENT -> remote.address();
          case ADDRESS_AND_PORT_DEPENDENT -> remote;
        };
    return mappings.computeIfAbsent(
        new Key(port, scope), key -> Endpoint.parse("203.0.113.7:" + next(port)));
  }

  private int next(int local) {
    return switch (allocation) {
      case PortAllocation.Preserving() -> local;
      case PortAllocation.Sequential(int step) -> last += step;
      case PortAllocation.Block(int low, int high) -> free(low, high);
      case PortAllocation.Random(int low, int high) -> free(low, high);
    };
  }

  private int free(int low, int high) {
    int port = random.nextInt(low, high + 1);
    while (!taken.add(port)) {
      port = random.nextInt(low, high + 1);
    }
    return port;
  }
}
