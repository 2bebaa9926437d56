package dev.sallyport.app.natreport;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import java.net.Inet4Address;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The NAT of somebody else, as its owner calls it or as his record says.
 *
 * @param words what it is called, for people
 * @param types those of the table it may be; at least one
 * @param profile what its record says; null if it is only called so
 * @param candidates where it can be reached, if its record says so
 */
public record PeerNat(
    String words, Set<NatType> types, @Nullable NatProfile profile, List<Candidate> candidates) {

  private static final Set<NatType> PORT_RESTRICTED =
      EnumSet.of(NatType.PORT_RESTRICTED, NatType.PORT_RESTRICTED_REFUSING);
  private static final Set<NatType> SYMMETRIC =
      EnumSet.range(NatType.SYMMETRIC_SEQUENTIAL, NatType.SYMMETRIC_RANDOM);

  /** The names worth showing: those of RFC 3489, and what game consoles say. */
  private static final List<String> SHOWN =
      List.of(
          "open",
          "full-cone",
          "restricted-cone",
          "port-restricted",
          "symmetric",
          "symmetric-firewall",
          "moderate",
          "strict");

  /** A console's "strict" is whatever is hard for it. */
  private static final Set<NatType> STRICT =
      EnumSet.range(NatType.PORT_RESTRICTED, NatType.SYMMETRIC_RANDOM);

  private static final Map<String, Set<NatType>> NAMES = names();

  public PeerNat {
    types = Collections.unmodifiableSet(EnumSet.copyOf(types));
    candidates = List.copyOf(candidates);
  }

  private static Map<String, Set<NatType>> names() {
    Map<String, Set<NatType>> names = new LinkedHashMap<>();
    for (NatType type : NatType.values()) {
      names.put(type.word(), EnumSet.of(type));
    }
    // Who calls his own so does not know how it treats strangers, or picks its ports.
    names.put("port-restricted", PORT_RESTRICTED);
    names.put("symmetric", SYMMETRIC);
    for (String open : List.of("open", "open-internet", "no-nat")) {
      names.put(open, EnumSet.of(NatType.OPEN));
    }
    for (String restricted : List.of("restricted-cone", "restricted", "address-restricted-cone")) {
      names.put(restricted, EnumSet.of(NatType.RESTRICTED_CONE));
    }
    for (String restricted : List.of("port-restricted-cone", "symmetric-firewall", "firewall")) {
      names.put(restricted, PORT_RESTRICTED);
    }
    for (String silent :
        List.of(
            "eim-random",
            "cgn-block-paired",
            "port-overloading",
            "juniper",
            "kaspersky",
            "half-open-128")) {
      names.put(silent, EnumSet.of(NatType.PORT_RESTRICTED));
    }
    names.put("rfc5382", EnumSet.of(NatType.RESTRICTED_CONE));
    names.put("port-restricted-icmp", EnumSet.of(NatType.PORT_RESTRICTED_REFUSING));
    names.put("symmetric-step-2", EnumSet.of(NatType.SYMMETRIC_SEQUENTIAL));
    names.put("symmetric-sequential", EnumSet.of(NatType.SYMMETRIC_SEQUENTIAL));
    names.put("symmetric-block", EnumSet.of(NatType.SYMMETRIC_BLOCK));
    names.put("symmetric-random", EnumSet.of(NatType.SYMMETRIC_RANDOM));
    names.put("moderate", EnumSet.range(NatType.RESTRICTED_CONE, NatType.PORT_RESTRICTED_REFUSING));
    names.put("strict", STRICT);
    return names;
  }

  /**
   * By its name: those of RFC 3489, those of the test lab's NATs, or those of game consoles.
   *
   * @throws IllegalArgumentException with the valid names, in one sentence
   */
  public static PeerNat named(String text) {
    String name =
        text.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", "-").replaceAll("-nat$", "");
    Set<NatType> types = NAMES.get(text.strip().equalsIgnoreCase("no nat") ? "no-nat" : name);
    if (types == null) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is neither a type of NAT nor an id; expected "
              + String.join(", ", SHOWN)
              + ", or Id(...)");
    }
    return new PeerNat(name, types, null, List.of());
  }

  /** As somebody's record says. */
  public static PeerNat recorded(String words, NatProfile profile, List<Candidate> candidates) {
    return new PeerNat(
        words,
        NatType.of(profile, Finding.of(!isUntranslated(candidates), 95)),
        profile,
        candidates);
  }

  /** Whether others see an address that is its own. */
  private static boolean isUntranslated(List<Candidate> candidates) {
    return candidates.stream()
        .anyMatch(
            c ->
                c.kind() == CandidateKind.HOST
                    && c.endpoint().address() instanceof Inet4Address
                    && c.endpoint().scope().isGlobal());
  }
}
