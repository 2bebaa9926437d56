package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.domain.wire.WireTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A service's answer to a knock, with what is true at this moment. The layout stands in the package
 * comment. Times are kept in whole milliseconds.
 *
 * @param nonce the knock's
 * @param strategy the one the service follows
 * @param candidates where the caller should dial now, at most 8; none unless accepted or countered
 * @param retryAfter when to knock again, up to {@link #MAX_RETRY_AFTER}; zero unless busy
 * @param issuedAt of several replies to one knock the latest counts
 */
public record Reply(
    CallNonce nonce,
    Outcome outcome,
    Strategy strategy,
    List<Candidate> candidates,
    NatProfile profile,
    Duration retryAfter,
    Instant issuedAt) {

  /** The longest that a busy service puts a caller off. */
  public static final Duration MAX_RETRY_AFTER = Duration.ofHours(1);

  private static final int VERSION = 1;

  /** What the service makes of the knock. The codes are part of the wire format. */
  public enum Outcome {
    /** It does as the caller proposed. */
    ACCEPTED(1),
    /** It follows its own strategy; there is no second counter. */
    COUNTERED(2),
    /** Not now; see {@link Reply#retryAfter}. */
    BUSY(3),
    /** Never. */
    REFUSED(4);

    private final int code;

    Outcome(int code) {
      this.code = code;
    }
  }

  public Reply {
    candidates = List.copyOf(candidates);
    retryAfter = Duration.ofMillis(retryAfter.toMillis());
    issuedAt = WireTime.of(issuedAt);
    boolean opens = outcome == Outcome.ACCEPTED || outcome == Outcome.COUNTERED;
    if (candidates.size() > (opens ? Candidate.MAX_COUNT : 0)) {
      throw new IllegalArgumentException(
          candidates.size() + " candidates are too many for a reply that is " + outcome);
    }
    if (retryAfter.isNegative()
        || retryAfter.compareTo(outcome == Outcome.BUSY ? MAX_RETRY_AFTER : Duration.ZERO) > 0) {
      throw new IllegalArgumentException(
          "a reply that is " + outcome + " cannot ask for a pause of " + retryAfter);
    }
  }

  /** "Not now". */
  public static Reply busy(CallNonce nonce, Duration retryAfter, Instant issuedAt) {
    return closed(nonce, Outcome.BUSY, retryAfter, issuedAt);
  }

  /** "No". */
  public static Reply refused(CallNonce nonce, Instant issuedAt) {
    return closed(nonce, Outcome.REFUSED, Duration.ZERO, issuedAt);
  }

  private static Reply closed(
      CallNonce nonce, Outcome outcome, Duration retryAfter, Instant issuedAt) {
    return new Reply(
        nonce,
        outcome,
        new Strategy.SimultaneousOpen(),
        List.of(),
        NatProfile.unknown(),
        retryAfter,
        issuedAt);
  }

  /**
   * Seals it for the caller of one knock.
   *
   * @param nonce12 12 random bytes, new for every call
   */
  public SealedItem seal(ReplyKeys keys, byte[] nonce12, Sealer sealer) {
    ByteWriter out = new ByteWriter();
    out.u8(VERSION).bytes(nonce.toByteArray()).u8(outcome.code);
    strategy.write(out);
    Candidate.write(out, candidates);
    profile.write(out);
    out.u32(retryAfter.toMillis()).time(issuedAt);
    return NonceBox.seal(keys.key(), nonce12, keys.mailbox(), out.toByteArray(), sealer);
  }

  /**
   * Opens and checks a reply. No clock is asked: the keys are one knock's own, so an older reply
   * than that cannot be passed off.
   *
   * @throws MalformedException for anything that is not a reply to the knock with these keys
   */
  public static Reply open(SealedItem item, ReplyKeys keys, Sealer sealer)
      throws MalformedException {
    ByteReader in =
        new ByteReader(NonceBox.open(keys.key(), item, keys.mailbox(), sealer), "the reply");
    in.version(VERSION);
    try {
      Reply reply =
          new Reply(
              CallNonce.read(in),
              outcome(in.u8()),
              Strategy.read(in),
              Candidate.read(in),
              NatProfile.read(in),
              Duration.ofMillis(in.u32()),
              in.time());
      in.end();
      return reply;
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the reply is not usable: " + e.getMessage(), e);
    }
  }

  private static Outcome outcome(int code) throws MalformedException {
    for (Outcome outcome : Outcome.values()) {
      if (outcome.code == code) {
        return outcome;
      }
    }
    throw new MalformedException("the reply has the unknown outcome " + code);
  }
}
