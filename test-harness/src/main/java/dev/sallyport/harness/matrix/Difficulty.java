package dev.sallyport.harness.matrix;

import dev.sallyport.domain.nat.Behavior;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How hard a NAT is to get through, in the classes that rules of thumb are given for (RFC 3489
 * section 5). A pair is as hard as its harder end. The order is from easy to hard.
 */
public enum Difficulty {
  /** Anyone may use a mapping, or there is no NAT at all. */
  FULL_CONE,
  /** One mapping, for addresses that were sent to. */
  ADDRESS_RESTRICTED,
  /** One mapping, for endpoints that were sent to. */
  PORT_RESTRICTED,
  /** Another mapping for another remote, whatever filters it. */
  SYMMETRIC;

  /** The class of a NAT that behaves like this. */
  public static Difficulty of(Behavior mapping, Behavior filtering) {
    if (mapping != Behavior.ENDPOINT_INDEPENDENT) {
      return SYMMETRIC;
    }
    return switch (filtering) {
      case ENDPOINT_INDEPENDENT -> FULL_CONE;
      case ADDRESS_DEPENDENT -> ADDRESS_RESTRICTED;
      case ADDRESS_AND_PORT_DEPENDENT -> PORT_RESTRICTED;
    };
  }

  /** The class of a pair of which one end is this and the other that. */
  public Difficulty or(Difficulty other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** In lower case with hyphens, for example {@code address-restricted}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Difficulty> parse(String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findAny();
  }
}
