package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;

/**
 * Chooses ephemeral ports as Linux does ({@code __inet_hash_connect}, RFC 6056 section 3.3.4): from
 * a start of its own for each remote endpoint onwards in random steps, even ports first.
 */
final class Ports {
  private static final int LOW = 32_768;
  private static final int COUNT = 60_999 - LOW + 1;

  private final RandomGenerator random;
  private final Map<Endpoint, Integer> offsets = new HashMap<>();

  Ports(RandomGenerator random) {
    this.random = random;
  }

  /** A port that is free, or 0 if none is. */
  int pick(Endpoint remote, IntPredicate free) {
    Integer known = offsets.get(remote);
    int offset = known == null ? random.nextInt(COUNT) : known;
    for (int parity = 0; parity < 2; parity++) {
      for (int i = 0; i < COUNT; i += 2) {
        int port = LOW + ((offset & ~1) + parity + i) % COUNT;
        if (free.test(port)) {
          int step = Math.max(i, 2 * random.nextInt(8)) + 2;
          offsets.put(remote, (offset + step) % COUNT);
          return port;
        }
      }
    }
    return 0;
  }
}
