package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Observation.Source;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntSupplier;

/** The service and the caller of the tests of the machines, and what they see of the world. */
final class Cast {
  static final Sealer SEALER = new QuickSealer();
  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  static final Identity SERVICE = Identity.fromSeed(secret(1), SEALER);
  static final Identity CALLER = Identity.fromSeed(secret(2), SEALER);
  static final ServiceId ID = ServiceId.of(ServiceName.DEFAULT, SERVICE.key());
  static final List<Integer> CALLER_PORTS = List.of(4000, 4001);
  static final int SERVICE_PORT = 8765;

  private Cast() {}

  static Secret32 secret(int fill) {
    byte[] raw = new byte[Secret32.LENGTH];
    Arrays.fill(raw, (byte) fill);
    return Secret32.of(raw);
  }

  static PublicKey32 key(int fill) {
    return PublicKey32.of(secret(fill).toByteArray());
  }

  static CallSettings callSettings(Duration timeout) {
    return callSettings(timeout, new BurstGuard());
  }

  static CallSettings callSettings(Duration timeout, BurstGuard guard) {
    return new CallSettings(
        ID, CALLER, CALLER_PORTS, LadderPolicy.DEFAULT, PunchPolicy.DEFAULT, guard, timeout);
  }

  static CallSettings callSettings(Duration timeout, LadderPolicy ladder) {
    return new CallSettings(
        ID, CALLER, CALLER_PORTS, ladder, PunchPolicy.DEFAULT, new BurstGuard(), timeout);
  }

  /** A run of the service; another run has other keys. */
  static ServeSettings serveSettings(int run) {
    return new ServeSettings(
        ServiceName.DEFAULT,
        SERVICE,
        key(run + 1),
        secret(run),
        SERVICE_PORT,
        List.of(),
        AllowList.EVERYBODY,
        LadderPolicy.DEFAULT,
        PunchPolicy.DEFAULT,
        new BurstGuard());
  }

  /** The record of a run of the service. */
  static ServiceRecord record(int run, Instant issuedAt, String... candidates) {
    return record(run, issuedAt, NatProfile.unknown(), candidates);
  }

  static ServiceRecord record(int run, Instant issuedAt, NatProfile profile, String... candidates) {
    return new ServiceRecord(
        ServiceName.DEFAULT,
        SERVICE.key(),
        key(run + 1),
        SEALER.agreementKey(secret(run)),
        Arrays.stream(candidates).map(Cast::candidate).toList(),
        profile,
        issuedAt,
        issuedAt.plus(Duration.ofHours(2)));
  }

  static SealedItem seal(ServiceRecord record, LocalDate day) {
    return record.seal(SERVICE, DayKeys.of(ID, day, SEALER), new byte[12], SEALER);
  }

  static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  /** Reads {@code reflexive 203.0.113.7:4000}. */
  static Candidate candidate(String text) {
    String[] words = text.split(" ", -1);
    return new Candidate(
        CandidateKind.valueOf(words[0].toUpperCase(Locale.ROOT)), Endpoint.parse(words[1]));
  }

  static DiscoveryEvent listed(String... addresses) {
    List<InetAddress> parsed =
        Arrays.stream(addresses).map(a -> Objects.requireNonNull(IpLiteral.parse(a))).toList();
    return new DiscoveryEvent.AddressesListed(parsed);
  }

  /** STUN saw this port over TCP. */
  static DiscoveryEvent seen(int port, String endpoint) {
    return seen(port, endpoint, "192.0.2.1:3478");
  }

  static DiscoveryEvent seen(int port, String endpoint, String by) {
    return new DiscoveryEvent.Observed(
        new Observation(
            port,
            Endpoint.parse(endpoint),
            Transport.TCP,
            Endpoint.parse(by),
            Source.STUN,
            Duration.ofMillis(20)));
  }

  /**
   * Two STUN servers, on two ports each, have looked at these ports, one after the other.
   *
   * @param outer the next outer port at each look
   */
  static List<DiscoveryEvent> looks(List<Integer> ports, String address, IntSupplier outer) {
    return looks(ports, address, NOON, outer);
  }

  static List<DiscoveryEvent> looks(
      List<Integer> ports, String address, Instant since, IntSupplier outer) {
    List<DiscoveryEvent> looks = new ArrayList<>();
    for (int port : ports) {
      for (String by : List.of("192.0.2.1:1", "192.0.2.1:2", "192.0.2.2:1", "192.0.2.2:2")) {
        looks.add(
            new DiscoveryEvent.Observed(
                new Observation(
                    port,
                    Endpoint.parse(address + ":" + outer.getAsInt()),
                    Transport.TCP,
                    Endpoint.parse(by),
                    Source.STUN,
                    Duration.ofMillis(20),
                    since.plusMillis(looks.size()))));
      }
    }
    return looks;
  }

  /** A look at a new port. */
  static DiscoveryEvent sampled(String endpoint) {
    Endpoint seen = Endpoint.parse(endpoint);
    return new DiscoveryEvent.Sampled(
        new Observation(
            65_535 - seen.port() / 2,
            seen,
            Transport.TCP,
            Endpoint.parse("192.0.2." + (1 + seen.port() / 2 % 2) + ":1"),
            Source.STUN,
            Duration.ofMillis(20),
            NOON.plusSeconds(1).plusMillis(seen.port())));
  }

  /** A NAT that takes another port for each remote. */
  static NatProfile hard(PortAllocation allocation) {
    return new NatProfile(
        Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 80),
        Finding.unknown(),
        Finding.unknown(),
        Finding.unknown(),
        Finding.of(allocation, 80),
        Finding.unknown(),
        false,
        false);
  }

  /** A DHT node saw us over UDP at this address. */
  static DiscoveryEvent seenByDht(String address) {
    return new DiscoveryEvent.Observed(
        new Observation(
            49_001,
            Endpoint.parse(address + ":33333"),
            Transport.UDP,
            Endpoint.parse("192.0.2.9:6881"),
            Source.DHT,
            Duration.ofMillis(20)));
  }
}
