package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;

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
 */
public record Observation(
    int localPort,
    Endpoint observed,
    Transport transport,
    Endpoint observer,
    Source source,
    Duration roundTrip) {

  /** The kinds of observers. */
  public enum Source {
    /** A STUN server (RFC 8489). */
    STUN,
    /** A DHT node, by the {@code ip} field of its replies (BEP 42). */
    DHT
  }
}
