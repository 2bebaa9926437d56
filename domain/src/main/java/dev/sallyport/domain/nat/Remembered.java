package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.AddressFamily;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier run has learnt of the NATs of a network. Immutable.
 *
 * <p>A NAT behaves as it was built and set up, so what was found out about it stays true while it
 * is the same NAT. {@link #completing} holds these rules:
 *
 * <ol>
 *   <li>It counts in the network it was learnt in, for {@link #LIFETIME}, and while the observers
 *       of this run see no other external address: another one is another network, or another
 *       subscriber's line.
 *   <li>What this run has found out stays: memory contradicts nothing. Where this run has but a
 *       guess and memory says the same, the guess gets memory's confidence.
 *   <li>What this run knows nothing of comes from memory, with a confidence of 60 at most. Before
 *       an observer of this run has confirmed the external address, it is a guess.
 *   <li>That each remote gets a port of its own is a guess after ten minutes: by that finding alone
 *       a call can be given up as impossible, and no memory that is older should do that. The other
 *       findings make nobody give up.
 *   <li>That ports are kept is not taken from memory where somebody looked over TCP, for whoever
 *       looks once sees it.
 * </ol>
 *
 * @param external the IPv4 address that others saw this host come from
 * @param profile what was sure then
 * @param learntAt when the oldest part of it was learnt
 */
public record Remembered(
    NetworkId network, InetAddress external, NatProfile profile, Instant learntAt) {

  /**
   * How long it counts. That a host has moved shows by itself; what does not is a router that
   * somebody sets up differently, updates or replaces. An hour is long enough for calls made one
   * after another, and nobody has to live with a wrong memory for longer.
   */
  public static final Duration LIFETIME = Duration.ofHours(1);

  /** How long a hard mapping may be enough to call a connection impossible. */
  static final Duration RECENT = Duration.ofMinutes(10);

  private static final int MOST = Confidence.WEAK;

  public Remembered {
    if (AddressFamily.of(external) != AddressFamily.IPV4) {
      throw new IllegalArgumentException(external.getHostAddress() + " is not IPv4");
    }
  }

  /**
   * What is worth remembering of what was found out.
   *
   * @param hostAddresses the host's own, in the order of {@link LocalAddresses#list}
   * @return null if nothing is sure, or nobody said where we come from
   */
  public static @Nullable Remembered of(
      List<InetAddress> hostAddresses, NatDiagnosis found, Instant now) {
    NetworkId network = NetworkId.of(hostAddresses);
    List<InetAddress> external = found.externalAddresses().value();
    NatProfile p = found.profile();
    NatProfile sure =
        new NatProfile(
            ifSure(p.tcpMapping()),
            ifSure(p.udpMapping()),
            ifSure(p.tcpFiltering()),
            ifSure(p.udpFiltering()),
            ifSure(p.allocation()),
            ifSure(p.unsolicitedSyn()),
            p.carrierGradeSuspected(),
            p.globalIpv6());
    return network == null || external == null || !saysSomething(sure)
        ? null
        : new Remembered(network, external.getFirst(), sure, now);
  }

  /** Whether it still counts. What claims to come from the future does not. */
  public boolean isFreshAt(Instant now) {
    return !learntAt.isAfter(now) && now.isBefore(learntAt.plus(LIFETIME));
  }

  /**
   * This, and what is still good of what was remembered before. Then all of it counts as old as its
   * oldest part, so that nothing lives on by being passed on.
   */
  public Remembered keeping(@Nullable Remembered before) {
    if (before == null
        || !before.network.equals(network)
        || !before.external.equals(external)
        || !before.isFreshAt(learntAt)) {
      return this;
    }
    NatProfile all = filled(profile, before.profile);
    return all.equals(profile) ? this : new Remembered(network, external, all, before.learntAt);
  }

  /**
   * What is known now, completed by memory.
   *
   * @param here the network we are in; null if that is not known
   * @param found what this run has found out
   */
  public NatProfile completing(NatDiagnosis found, @Nullable NetworkId here, Instant now) {
    List<InetAddress> seen = found.externalAddresses().value();
    if (!network.equals(here) || !isFreshAt(now) || (seen != null && !seen.contains(external))) {
      return found.profile();
    }
    int most = seen == null ? Confidence.GUESS : MOST;
    boolean recent = now.isBefore(learntAt.plus(RECENT));
    boolean keepsPorts = profile.allocation().value() instanceof PortAllocation.Preserving;
    NatProfile memory =
        new NatProfile(
            mapping(profile.tcpMapping(), most, recent),
            mapping(profile.udpMapping(), most, recent),
            capped(profile.tcpFiltering(), most),
            capped(profile.udpFiltering(), most),
            keepsPorts && found.tcpWitnesses() > 0
                ? Finding.unknown()
                : capped(profile.allocation(), most),
            capped(profile.unsolicitedSyn(), most),
            profile.carrierGradeSuspected(),
            profile.globalIpv6());
    return filled(found.profile(), memory);
  }

  private static Finding<Behavior> mapping(Finding<Behavior> then, int most, boolean recent) {
    boolean givesUp = then.isKnown() && !then.is(Behavior.ENDPOINT_INDEPENDENT);
    return capped(then, givesUp && !recent ? Confidence.GUESS : most);
  }

  /** Which addresses a host has is not learnt from others, so it is never filled in. */
  private static NatProfile filled(NatProfile now, NatProfile then) {
    return new NatProfile(
        filled(now.tcpMapping(), then.tcpMapping()),
        filled(now.udpMapping(), then.udpMapping()),
        filled(now.tcpFiltering(), then.tcpFiltering()),
        filled(now.udpFiltering(), then.udpFiltering()),
        filled(now.allocation(), then.allocation()),
        filled(now.unsolicitedSyn(), then.unsolicitedSyn()),
        now.carrierGradeSuspected() || then.carrierGradeSuspected(),
        now.globalIpv6());
  }

  private static <T> Finding<T> filled(Finding<T> now, Finding<T> then) {
    T found = now.value();
    T known = then.value();
    if (found == null) {
      return then;
    }
    boolean firmer =
        known != null
            && agree(found, known)
            && now.confidence() < Confidence.SURE
            && now.confidence() < then.confidence();
    return firmer ? then : now;
  }

  /** The ends of a range are estimates. */
  private static boolean agree(Object found, Object known) {
    boolean range = found instanceof PortAllocation.Block || found instanceof PortAllocation.Random;
    return found.equals(known) || (range && found.getClass() == known.getClass());
  }

  private static <T> Finding<T> ifSure(Finding<T> finding) {
    return finding.confidence() < Confidence.SURE ? Finding.unknown() : finding;
  }

  private static <T> Finding<T> capped(Finding<T> finding, int most) {
    return new Finding<>(finding.value(), Math.min(finding.confidence(), most));
  }

  private static boolean saysSomething(NatProfile profile) {
    return Stream.of(
            profile.tcpMapping(),
            profile.udpMapping(),
            profile.tcpFiltering(),
            profile.udpFiltering(),
            profile.allocation(),
            profile.unsolicitedSyn())
        .anyMatch(Finding::isKnown);
  }
}
