package dev.sallyport.app.natreport;

import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.CarrierSign;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.SourceReport.Contact;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may have been found out, made by hand. */
public final class Found {
  private Finding<Behavior> tcpMapping = Finding.unknown();
  private Finding<Behavior> udpMapping = Finding.unknown();
  private Finding<Behavior> tcpFiltering = Finding.unknown();
  private Finding<Behavior> udpFiltering = Finding.unknown();
  private Finding<PortAllocation> allocation = Finding.unknown();
  private Finding<UnsolicitedSyn> answer = Finding.unknown();
  private Finding<Boolean> translated = Finding.of(true, 80);
  private Finding<List<InetAddress>> external = Finding.of(List.of(address("198.18.10.2")), 80);
  private List<InetAddress> host = List.of(address("192.168.10.10"));
  private Set<CarrierSign> signs = Set.of();
  private boolean ipv6;
  private int tcpWitnesses = 2;
  private int udpWitnesses = 2;
  private @Nullable Hairpin hairpin;
  private final List<SourceReport> sources = new ArrayList<>();

  private Found() {}

  public static Found nothing() {
    Found found = new Found();
    found.translated = Finding.unknown();
    found.external = Finding.unknown();
    found.tcpWitnesses = 0;
    found.udpWitnesses = 0;
    return found;
  }

  /** All that two observers of ours tell. */
  public static Found behind(NatType type) {
    NatProfile profile = type.profile();
    Found found = new Found().observer("198.18.1.1:3478").observer("198.18.1.2:3478").dht(8);
    found.tcpMapping = profile.tcpMapping();
    found.udpMapping = profile.udpMapping();
    found.tcpFiltering = profile.tcpFiltering();
    found.udpFiltering = profile.udpFiltering();
    found.allocation = profile.allocation();
    found.answer = profile.unsolicitedSyn();
    return type == NatType.OPEN ? found.untranslated() : found;
  }

  Found untranslated() {
    host = List.of(address("198.18.10.10"));
    external = Finding.of(host, 80);
    translated = Finding.of(false, 80);
    return this;
  }

  Found mapping(Finding<Behavior> tcp, Finding<Behavior> udp) {
    tcpMapping = tcp;
    udpMapping = udp;
    return this;
  }

  Found filtering(Finding<Behavior> tcp, Finding<Behavior> udp) {
    tcpFiltering = tcp;
    udpFiltering = udp;
    return this;
  }

  Found allocation(Finding<PortAllocation> finding) {
    allocation = finding;
    return this;
  }

  Found answer(Finding<UnsolicitedSyn> finding) {
    answer = finding;
    return this;
  }

  Found translated(Finding<Boolean> finding) {
    translated = finding;
    return this;
  }

  Found external(String address, int confidence) {
    external = Finding.of(List.of(address(address)), confidence);
    return this;
  }

  Found signs(CarrierSign first, CarrierSign... more) {
    signs = EnumSet.of(first, more);
    return this;
  }

  Found ipv6() {
    ipv6 = true;
    return this;
  }

  Found hairpin(Hairpin finding) {
    hairpin = finding;
    return this;
  }

  Found witnesses(int tcp, int udp) {
    tcpWitnesses = tcp;
    udpWitnesses = udp;
    return this;
  }

  Found noSources() {
    sources.clear();
    return this;
  }

  /** A {@code sallyport observe} that answered. */
  Found observer(String place) {
    Contact answered = Contact.answered(Duration.ofMillis(51));
    return source(
        place,
        answered,
        answered,
        EnumSet.of(Ability.OTHER_PORT, Ability.UDP_FILTERING, Ability.DIAL_BACK));
  }

  /** A STUN server as there are many. */
  Found stun(String place) {
    Contact answered = Contact.answered(Duration.ofMillis(51));
    return source(place, answered, answered, Set.of());
  }

  Found source(String place, Contact tcp, Contact udp, Set<Ability> abilities) {
    int answered = tcp.hasAnswered() || udp.hasAnswered() ? 1 : 0;
    sources.add(
        new SourceReport(
            place,
            Observation.Source.STUN,
            Endpoint.parse(place),
            tcp,
            udp,
            abilities,
            answered,
            1));
    return this;
  }

  Found dht(int answered) {
    sources.add(
        new SourceReport(
            "dht:",
            Observation.Source.DHT,
            null,
            null,
            answered > 0
                ? Contact.answered(Duration.ofMillis(30))
                : Contact.failed("no node answered"),
            Set.of(),
            answered,
            8));
    return this;
  }

  public NatRunner.Result result() {
    NatProfile profile =
        new NatProfile(
            tcpMapping,
            udpMapping,
            tcpFiltering,
            udpFiltering,
            allocation,
            answer,
            !signs.isEmpty(),
            ipv6);
    return new NatRunner.Result(
        new NatDiagnosis(profile, external, translated, signs, tcpWitnesses, udpWitnesses),
        host,
        List.of(40_001, 40_002, 40_003),
        sources,
        List.of(),
        hairpin,
        Duration.ofMillis(1234));
  }

  public NatReport report() {
    return new NatReport(result(), Rates.shipped());
  }

  private static InetAddress address(String text) {
    InetAddress address = IpLiteral.parse(text);
    if (address == null) {
      throw new IllegalArgumentException(text);
    }
    return address;
  }
}
