package dev.sallyport.app.cli;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What could have happened. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-22T13:40:05Z");
  static final ServiceId ID = ServiceId.parse("0123456789abcdef0123456789abcdef01234567");
  static final PublicKey32 CALLER =
      PublicKey32.of(HexFormat.of().parseHex("7fa12b" + "00".repeat(29)));
  static final Event STARTING =
      new Event.Starting(List.of("dht:"), List.of(new HostPort("198.18.9.1", 6881)));
  static final Progress JOINED = new Progress.Joined(8, Duration.ofMillis(412));
  static final Progress NETWORK =
      new Progress.Network(
          List.of(at("10.0.1.2:8765")),
          List.of(at("198.18.0.2:8765")),
          profile(Behavior.ENDPOINT_INDEPENDENT));
  static final Progress FOUND =
      new Progress.Found(
          NOW.minusSeconds(12),
          List.of(
              new Candidate(CandidateKind.REFLEXIVE, at("198.18.1.2:8765")),
              new Candidate(CandidateKind.HOST, at("10.0.2.2:8765"))),
          false);

  private Samples() {}

  static Endpoint at(String text) {
    return Endpoint.parse(text);
  }

  static NatProfile profile(Behavior mapping) {
    return new NatProfile(
        Finding.of(mapping, 80),
        Finding.unknown(),
        Finding.unknown(),
        Finding.unknown(),
        Finding.of(new PortAllocation.Preserving(), 80),
        Finding.unknown(),
        false,
        false);
  }

  static Progress connected(@Nullable PublicKey32 caller, int attempts) {
    return new Progress.Connected(
        SocketId.dialed(1),
        Rung.EXTERNAL,
        at("10.0.1.2:40001"),
        at("198.18.1.2:8765"),
        attempts,
        Duration.ofMillis(1243),
        caller);
  }

  static Failure noRung(Duration age, boolean answered) {
    return noRung(age, answered, Tactic.PLAIN);
  }

  static Failure noRung(Duration age, boolean answered, Tactic tactic) {
    return noRung(age, answered, false, tactic);
  }

  static Failure noRung(Duration age, boolean answered, boolean sameNetwork, Tactic tactic) {
    return new Failure(
        Failure.Kind.NO_RUNG,
        "",
        NOW.minus(age),
        answered,
        sameNetwork,
        tactic,
        profile(Behavior.ADDRESS_AND_PORT_DEPENDENT),
        rungs());
  }

  static List<RungReport> rungs() {
    return List.of(
        new RungReport(
            Rung.EXTERNAL,
            List.of(at("198.18.1.2:8765")),
            118,
            Map.of(DialFailure.TIMED_OUT, 22, DialFailure.REFUSED, 96),
            Duration.ofMillis(310),
            Duration.ofMillis(15300)),
        new RungReport(
            Rung.LOCAL,
            List.of(at("10.0.2.2:8765")),
            1,
            Map.of(),
            Duration.ofMillis(560),
            Duration.ofMillis(560)));
  }
}
