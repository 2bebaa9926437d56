package dev.sallyport.app.cli;

import dev.sallyport.app.natreport.NatReport;
import dev.sallyport.app.natreport.NatType;
import dev.sallyport.app.natreport.Outlook;
import dev.sallyport.app.natreport.PeerNat;
import dev.sallyport.app.natreport.Rates;
import dev.sallyport.app.runner.LifetimeRunner;
import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.MappingLifetime;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatName;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A report for programs: one object. Its keys come in a fixed order; more may come later. */
final class NatJson {
  private NatJson() {}

  /**
   * @param start what every event begins with
   * @param peer null if no certain peer was asked about
   * @param lifetime null if it was not tested
   */
  static Json of(
      Json start,
      NatRunner.Result result,
      NatReport report,
      @Nullable PeerNat peer,
      LifetimeRunner.@Nullable Result lifetime) {
    NatDiagnosis diagnosis = result.diagnosis();
    NatProfile profile = diagnosis.profile();
    Finding<List<InetAddress>> external = diagnosis.externalAddresses();
    start
        .put("name", both(name(report, Transport.TCP), name(report, Transport.UDP)))
        .put(
            "missing",
            new Json()
                .put("tcp", lower(report.missing(Transport.TCP)))
                .put("udp", lower(report.missing(Transport.UDP))))
        .put(
            "mapping",
            both(JsonEvents.words(profile.tcpMapping()), JsonEvents.words(profile.udpMapping())))
        .put(
            "filtering",
            both(
                JsonEvents.words(profile.tcpFiltering()), JsonEvents.words(profile.udpFiltering())))
        .put("allocation", JsonEvents.words(profile.allocation().value()))
        .put("unsolicitedSyn", lower(profile.unsolicitedSyn().value()))
        .put("confidence", confidence(diagnosis));
    ports(start, profile.allocation().value());
    Hairpin hairpin = result.hairpin();
    if (hairpin != null) {
      start.put("hairpin", lower(hairpin));
    }
    if (lifetime != null) {
      Json both = new Json();
      lifetime(both, "tcp", lifetime.tcp());
      lifetime(both, "udp", lifetime.udp());
      start.put("lifetime", both);
    }
    start
        .put("local", addresses(result.hostAddresses()))
        .put("external", addresses(external.value() == null ? List.of() : external.value()));
    Boolean translated = diagnosis.translated().value();
    if (translated != null) {
      start.put("translated", translated);
    }
    start
        .put("carrierSigns", lower(diagnosis.carrierSigns()))
        .put("globalIpv6", profile.globalIpv6())
        .put(
            "witnesses",
            new Json().put("tcp", diagnosis.tcpWitnesses()).put("udp", diagnosis.udpWitnesses()))
        .putAll("sources", result.sources().stream().map(NatJson::source).toList())
        .put("types", report.types().stream().map(NatType::word).toList())
        .put("typesAreAGuess", report.isGuess())
        .putAll("predictions", report.outlooks().stream().map(NatJson::outlook).toList())
        .put("simulatedCalls", Rates.shipped().calls())
        .put("simulatedPath", Rates.shipped().path());
    if (peer != null) {
      start.put("with", with(report, peer));
    }
    return start.put("advice", report.advice()).put("tookMs", result.took().toMillis());
  }

  private static void lifetime(Json both, String key, @Nullable MappingLifetime lifetime) {
    if (lifetime == null) {
      both.put(key, (String) null);
      return;
    }
    Json json = new Json().put("keptMs", lifetime.kept().toMillis());
    Duration lost = lifetime.lost();
    both.put(
        key,
        lost == null ? json.put("lostMs", (String) null) : json.put("lostMs", lost.toMillis()));
  }

  private static Json confidence(NatDiagnosis diagnosis) {
    NatProfile profile = diagnosis.profile();
    return new Json()
        .put("mapping", both(profile.tcpMapping(), profile.udpMapping()))
        .put("filtering", both(profile.tcpFiltering(), profile.udpFiltering()))
        .put("allocation", profile.allocation().confidence())
        .put("unsolicitedSyn", profile.unsolicitedSyn().confidence())
        .put("external", diagnosis.externalAddresses().confidence())
        .put("translated", diagnosis.translated().confidence());
  }

  private static void ports(Json json, @Nullable PortAllocation allocation) {
    switch (allocation) {
      case PortAllocation.Sequential(int step) -> json.put("step", step);
      case PortAllocation.Block(int low, int high) ->
          json.put("ports", new Json().put("low", low).put("high", high));
      case PortAllocation.Random(int low, int high) ->
          json.put("ports", new Json().put("low", low).put("high", high));
      case PortAllocation.Preserving preserving -> {
        // Says it all.
      }
      case null -> {
        // Not known.
      }
    }
  }

  private static Json source(SourceReport source) {
    Json json =
        new Json()
            .put("name", source.name())
            .put("kind", lower(source.kind()))
            .put("endpoint", source.endpoint() == null ? null : source.endpoint().toString())
            .put("answered", source.answered())
            .put("asked", source.asked());
    contact(json, "tcp", source.tcp());
    contact(json, "udp", source.udp());
    return json.put("abilities", lower(source.abilities()));
  }

  private static void contact(Json json, String key, SourceReport.@Nullable Contact contact) {
    if (contact != null) {
      json.put(
          key,
          contact.roundTrip() == null
              ? new Json().put("problem", contact.problem())
              : new Json().put("roundTripMs", contact.roundTrip().toMillis()));
    }
  }

  private static Json outlook(Outlook outlook) {
    return rates(new Json().put("peer", outlook.peer().iterator().next().word()), outlook);
  }

  private static Json with(NatReport report, PeerNat peer) {
    Tactic tactic = report.tactic(peer);
    Json json =
        new Json()
            .put("peer", peer.words())
            .put("types", peer.types().stream().map(NatType::word).toList());
    return rates(json, report.outlook(peer))
        .put("tactic", lower(tactic.kind()))
        .put("rule", tactic.rule());
  }

  private static Json rates(Json json, Outlook outlook) {
    return json.put("youCall", range(outlook.youCall())).put("theyCall", range(outlook.theyCall()));
  }

  /** Percent. */
  private static Json range(Rates.Range range) {
    return new Json().put("least", range.least()).put("most", range.most());
  }

  private static @Nullable String name(NatReport report, Transport transport) {
    NatName name = report.name(transport);
    return name == null ? null : name.words();
  }

  private static Json both(@Nullable String tcp, @Nullable String udp) {
    return new Json().put("tcp", tcp).put("udp", udp);
  }

  private static Json both(Finding<Behavior> tcp, Finding<Behavior> udp) {
    return new Json().put("tcp", tcp.confidence()).put("udp", udp.confidence());
  }

  private static List<String> addresses(List<InetAddress> addresses) {
    return addresses.stream().map(IpLiteral::format).toList();
  }

  private static List<String> lower(Collection<? extends Enum<?>> values) {
    return values.stream().map(value -> String.valueOf(lower(value))).toList();
  }

  private static @Nullable String lower(@Nullable Enum<?> value) {
    return value == null ? null : value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
