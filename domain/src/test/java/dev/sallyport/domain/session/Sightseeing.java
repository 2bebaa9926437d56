package dev.sallyport.domain.session;

import java.util.List;
import java.util.Locale;

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
}
