package dev.sallyport.app.natreport;

import static dev.sallyport.domain.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static dev.sallyport.domain.nat.Behavior.ADDRESS_DEPENDENT;
import static dev.sallyport.domain.nat.Behavior.ENDPOINT_INDEPENDENT;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The types of NAT whose calls to each other were counted, from the easiest to the hardest: those
 * that differ in what gets through, and no more. Their {@linkplain #word words} are those of the
 * test harness, which counts.
 */
public enum NatType {
  OPEN("none", "open, no NAT"),
  FULL_CONE("full-cone", "full cone"),
  RESTRICTED_CONE("address-restricted", "restricted cone"),
  PORT_RESTRICTED("port-restricted", "port restricted cone"),
  /** Answers strangers with a reset or an ICMP error: OpenWrt and many a firewall. */
  PORT_RESTRICTED_REFUSING("port-restricted-rst", "the same, refusing strangers"),
  SYMMETRIC_SEQUENTIAL("symmetric-step-1", "symmetric, predictable ports"),
  SYMMETRIC_BLOCK("cgn-block-arbitrary", "symmetric, ports of a block"),
  SYMMETRIC_RANDOM("symmetric", "symmetric, random ports");

  private static final int SURE = 50;

  private final String word;
  private final String words;

  NatType(String word, String words) {
    this.word = word;
    this.words = words;
  }

  /** Its name in the table of rates, and on the command line. */
  public String word() {
    return word;
  }

  /** Its name for people; that of the refusing one follows the one before it. */
  public String words() {
    return words;
  }

  /** Whether each peer sees another port. */
  public boolean isSymmetric() {
    return compareTo(SYMMETRIC_SEQUENTIAL) >= 0;
  }

  /** What somebody behind it would find out if everybody helped. */
  public NatProfile profile() {
    Behavior mapping = isSymmetric() ? ADDRESS_AND_PORT_DEPENDENT : ENDPOINT_INDEPENDENT;
    Behavior filtering =
        switch (this) {
          case OPEN, FULL_CONE -> ENDPOINT_INDEPENDENT;
          case RESTRICTED_CONE -> ADDRESS_DEPENDENT;
          default -> ADDRESS_AND_PORT_DEPENDENT;
        };
    PortAllocation allocation =
        switch (this) {
          case SYMMETRIC_SEQUENTIAL -> new PortAllocation.Sequential(1);
          case SYMMETRIC_BLOCK -> new PortAllocation.Block(40_960, 41_471);
          case SYMMETRIC_RANDOM -> new PortAllocation.Random(1024, 65_535);
          default -> new PortAllocation.Preserving();
        };
    Finding<UnsolicitedSyn> answer =
        filtering == ENDPOINT_INDEPENDENT
            ? Finding.unknown()
            : Finding.of(
                this == PORT_RESTRICTED_REFUSING ? UnsolicitedSyn.RESET : UnsolicitedSyn.DROP, 95);
    return new NatProfile(
        Finding.of(mapping, 80),
        Finding.of(mapping, 80),
        Finding.of(filtering, 80),
        Finding.of(filtering, 80),
        Finding.of(allocation, 80),
        answer,
        false,
        false);
  }

  /**
   * Those that somebody with this profile may be behind, by TCP: one, if all is known. What is a
   * guess counts as unknown.
   *
   * @param translated whether there is a NAT at all
   */
  public static Set<NatType> of(NatProfile profile, Finding<Boolean> translated) {
    Behavior mapping = sure(profile.tcpMapping());
    Boolean isTranslated = sure(translated);
    if (isTranslated != null && !isTranslated) {
      return cones(OPEN, profile);
    }
    PortAllocation allocation = sure(profile.allocation());
    // Who keeps the host's port can be found, whatever the mapping depends on.
    if (mapping == ENDPOINT_INDEPENDENT || allocation instanceof PortAllocation.Preserving) {
      return cones(FULL_CONE, profile);
    }
    if (mapping != null) {
      return symmetric(allocation);
    }
    Set<NatType> all = EnumSet.allOf(NatType.class);
    if (isTranslated != null) {
      all.remove(OPEN);
    }
    return all;
  }

  /**
   * @param open the one where anybody gets in
   */
  private static Set<NatType> cones(NatType open, NatProfile profile) {
    UnsolicitedSyn answer = sure(profile.unsolicitedSyn());
    return switch (sure(profile.tcpFiltering())) {
      case ENDPOINT_INDEPENDENT -> EnumSet.of(open);
      case ADDRESS_DEPENDENT -> EnumSet.of(RESTRICTED_CONE);
      case ADDRESS_AND_PORT_DEPENDENT ->
          switch (answer) {
            case DROP, HOLD -> EnumSet.of(PORT_RESTRICTED);
            case RESET, ICMP -> EnumSet.of(PORT_RESTRICTED_REFUSING);
            case null -> EnumSet.of(PORT_RESTRICTED, PORT_RESTRICTED_REFUSING);
          };
      case null ->
          // A guess is the hardest that is possible: somebody was seen to get in.
          profile.tcpFiltering().is(ADDRESS_DEPENDENT)
              ? EnumSet.of(open, RESTRICTED_CONE)
              : EnumSet.of(open, RESTRICTED_CONE, PORT_RESTRICTED, PORT_RESTRICTED_REFUSING);
    };
  }

  private static Set<NatType> symmetric(@Nullable PortAllocation allocation) {
    return switch (allocation) {
      case PortAllocation.Sequential sequential -> EnumSet.of(SYMMETRIC_SEQUENTIAL);
      case PortAllocation.Block block -> EnumSet.of(SYMMETRIC_BLOCK);
      case PortAllocation.Random random -> EnumSet.of(SYMMETRIC_RANDOM);
      case PortAllocation.Preserving preserving ->
          throw new IllegalArgumentException("a symmetric NAT that keeps ports is like a cone");
      case null -> EnumSet.range(SYMMETRIC_SEQUENTIAL, SYMMETRIC_RANDOM);
    };
  }

  private static <T> @Nullable T sure(Finding<T> finding) {
    return finding.confidence() < SURE ? null : finding.value();
  }
}
