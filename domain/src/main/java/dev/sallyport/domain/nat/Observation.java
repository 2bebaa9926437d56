package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.time.Instant;

/**
 * One look from outside: an observer saw packets from our local port come from an endpoint. Not
 * trusted: an observer can lie.
 *
 * @param localPort the port we sent from
 * @param observed what the observer saw
 * @param transport over which transport
 * @param observer who looked
 * @param source what kind of observer it was
 * @param roundTrip how long the question took, connection set-up included
 * @param seenAt when the answer came
 */
public record Observation(
    int localPort,
    Endpoint observed,
    Transport transport,
    Endpoint observer,
    Source source,
    Duration roundTrip,
    Instant seenAt)
    implements Evidence {

  /** An observation of which nobody noted the time: it counts as older than all others. */
  public Observation(
      int localPort,
      Endpoint observed,
      Transport transport,
      Endpoint observer,
      Source source,
      Duration roundTrip) {
    this(localPort, observed, transport, observer, source, roundTrip, Instant.EPOCH);
  }

  /** When our first packet left: the order in which a NAT made its mappings, if none was lost. */
  Instant askedAt() {
    return seenAt.equals(Instant.EPOCH) ? seenAt : seenAt.minus(roundTrip);
  }

  /** The kinds of observers. */
  public enum Source {
    /** A STUN server (RFC 8489). */
    STUN,
    /** A DHT node, by the {@code ip} field of its replies (BEP 42). */
    DHT
  }
}
