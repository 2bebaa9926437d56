package dev.sallyport.app.natreport;

import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.NatName;
import dev.sallyport.domain.nat.NatNames;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.Transport;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What was found out, and the questions that every part of the report has about it. */
record Situation(NatRunner.Result result) {
  /** Less is a guess, and to be called one. */
  static final int SURE = 50;

  NatDiagnosis diagnosis() {
    return result.diagnosis();
  }

  NatProfile profile() {
    return diagnosis().profile();
  }

  /** Whether anybody was asked over it; who could not be found was not. */
  boolean asked(Transport transport) {
    return result.sources().stream()
        .filter(s -> s.kind() == Observation.Source.DHT || s.endpoint() != null)
        .anyMatch(s -> contact(s, transport) != null);
  }

  static SourceReport.@Nullable Contact contact(SourceReport source, Transport transport) {
    return transport == Transport.TCP ? source.tcp() : source.udp();
  }

  boolean answered(Transport transport) {
    return diagnosis().witnesses(transport) > 0;
  }

  /** Whether somebody could try to get in from elsewhere. */
  boolean isTried(Transport transport) {
    Ability ability = transport == Transport.TCP ? Ability.DIAL_BACK : Ability.UDP_FILTERING;
    return result.sources().stream().anyMatch(s -> s.abilities().contains(ability));
  }

  /** TCP gets out and UDP does not. */
  boolean udpBlocked() {
    return answered(Transport.TCP) && !answered(Transport.UDP) && asked(Transport.UDP);
  }

  /** Nobody answers over TCP, and yet over UDP: who knows whether any connection gets out. */
  boolean tcpSilent() {
    return answered(Transport.UDP) && !answered(Transport.TCP) && asked(Transport.TCP);
  }

  /** By the names of RFC 3489; null if it cannot be told. */
  @Nullable NatName name(Transport transport) {
    return NatNames.of(diagnosis(), transport, asked(transport)).name();
  }

  Finding<Behavior> mapping(Transport transport) {
    return transport == Transport.TCP ? profile().tcpMapping() : profile().udpMapping();
  }

  Finding<Behavior> filtering(Transport transport) {
    return transport == Transport.TCP ? profile().tcpFiltering() : profile().udpFiltering();
  }

  /** Null if it is a guess, or not known. */
  static <T> @Nullable T sure(Finding<T> finding) {
    return finding.confidence() < SURE ? null : finding.value();
  }

  /** Whether there is surely no NAT. */
  boolean isUntranslated() {
    Boolean translated = sure(diagnosis().translated());
    return translated != null && !translated;
  }

  /** Whether {@link #types} rests on a guess. */
  boolean isGuess() {
    return !isUntranslated()
        && !tcpSilent()
        && sure(profile().tcpMapping()) == null
        && (profile().tcpMapping().isKnown() || profile().udpMapping().isKnown());
  }

  /**
   * What we may be behind, by TCP. If that is not known it is taken for what UDP says, since most
   * NATs treat both alike.
   */
  Set<NatType> types() {
    NatProfile p = profile();
    if (tcpSilent()) {
      return EnumSet.allOf(NatType.class);
    }
    if (!isGuess()) {
      return NatType.of(p, diagnosis().translated());
    }
    Behavior guess =
        p.tcpMapping().value() != null ? p.tcpMapping().value() : p.udpMapping().value();
    Finding<Behavior> assumed = guess == null ? Finding.unknown() : Finding.of(guess, SURE);
    NatProfile likely =
        new NatProfile(
            assumed,
            p.udpMapping(),
            p.tcpFiltering(),
            p.udpFiltering(),
            p.allocation(),
            p.unsolicitedSyn(),
            p.carrierGradeSuspected(),
            p.globalIpv6());
    return NatType.of(likely, diagnosis().translated());
  }

  /** Whether we may be behind anything: then it makes no sense to say what works. */
  boolean isUnknown() {
    return isAnything(types());
  }

  static boolean isAnything(Set<NatType> types) {
    return types.size() > 5;
  }
}
