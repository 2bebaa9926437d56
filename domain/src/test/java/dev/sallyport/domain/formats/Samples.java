package dev.sallyport.domain.formats;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/** One service and one caller at one moment, for tests that change one thing about them. */
public final class Samples {
  public static final Sealer SEALER = new JdkSealer();
  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  public static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

  public static final Identity SERVICE = Identity.fromSeed(secret(1), SEALER);
  public static final Identity CALLER = Identity.fromSeed(secret(2), SEALER);
  public static final Identity STRANGER = Identity.fromSeed(secret(3), SEALER);
  public static final PublicKey32 SERVICE_TLS_KEY = SEALER.signingKey(secret(4));
  public static final PublicKey32 CALLER_TLS_KEY = SEALER.signingKey(secret(5));
  public static final Secret32 KNOCK_PRIVATE = secret(6);
  public static final PublicKey32 KNOCK_KEY = SEALER.agreementKey(KNOCK_PRIVATE);

  public static final ServiceId ID = ServiceId.of(ServiceName.DEFAULT, SERVICE.key());
  public static final DayKeys KEYS = DayKeys.of(ID, TODAY, SEALER);

  /** The u = 0 of X25519: whoever agrees with it gets zero. */
  public static final PublicKey32 LOW_ORDER_KEY = PublicKey32.of(new byte[PublicKey32.LENGTH]);

  public static final List<Candidate> CANDIDATES =
      List.of(
          candidate(CandidateKind.HOST, "192.168.1.20:8765"),
          candidate(CandidateKind.REFLEXIVE, "203.0.113.7:8765"),
          candidate(CandidateKind.ADVERTISED, "203.0.113.7:443"));

  private Samples() {}

  /** 32 times the same byte. */
  public static Secret32 secret(int fill) {
    byte[] raw = new byte[Secret32.LENGTH];
    Arrays.fill(raw, (byte) fill);
    return Secret32.of(raw);
  }

  /** 12 times the same byte. */
  public static byte[] nonce12(int fill) {
    byte[] raw = new byte[12];
    Arrays.fill(raw, (byte) fill);
    return raw;
  }

  /** The nonce that ends in this number. */
  public static CallNonce callNonce(int number) {
    byte[] raw = new byte[CallNonce.LENGTH];
    raw[14] = (byte) (number >>> 8);
    raw[15] = (byte) number;
    return CallNonce.of(raw);
  }

  public static Candidate candidate(CandidateKind kind, String endpoint) {
    return new Candidate(kind, Endpoint.parse(endpoint));
  }

  /** A record issued at a time, good for two hours. */
  public static ServiceRecord record(Instant issuedAt) {
    return record(SERVICE.key(), KNOCK_KEY, issuedAt);
  }

  public static ServiceRecord record(
      PublicKey32 identityKey, PublicKey32 knockKey, Instant issuedAt) {
    return new ServiceRecord(
        ServiceName.DEFAULT,
        identityKey,
        SERVICE_TLS_KEY,
        knockKey,
        CANDIDATES,
        NatProfile.unknown(),
        issuedAt,
        issuedAt.plus(Duration.ofHours(2)));
  }

  /** A knock of the caller, good for a minute. */
  public static Knock knock(CallNonce nonce, Instant issuedAt) {
    return knock(CALLER.key(), nonce, CANDIDATES, issuedAt, Duration.ofMinutes(1));
  }

  public static Knock knock(
      PublicKey32 callerKey,
      CallNonce nonce,
      List<Candidate> candidates,
      Instant issuedAt,
      Duration lifetime) {
    return new Knock(
        callerKey,
        candidates,
        NatProfile.unknown(),
        new Strategy.SimultaneousOpen(),
        NOW,
        nonce,
        issuedAt,
        issuedAt.plus(lifetime));
  }
}
