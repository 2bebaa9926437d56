package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.time.Instant;

/**
 * One try of somebody outside to reach our reflexive endpoint from a place that we had not sent to
 * (RFC 5780 section 4.4; for TCP a SYN).
 *
 * <p>That it arrived we know ourselves, by the source of the packet; that it did not, and what
 * answered it, is only what the prober says.
 *
 * @param localPort the port it was meant for, at which we wait: our own host refuses nothing
 * @param transport what was sent: a datagram or a SYN
 * @param prober where it came from, or was to come from
 * @param relation what that place has to do with those we had sent to
 * @param outcome what became of it
 * @param packets how many times it was sent, at least: a host that hears nothing sends a SYN again
 * @param after how long after it was sent that was known; for {@code SILENCE} how long was waited
 * @param seenAt when that was
 */
public record FilterProbe(
    int localPort,
    Transport transport,
    Endpoint prober,
    Relation relation,
    Outcome outcome,
    int packets,
    Duration after,
    Instant seenAt)
    implements Evidence {

  /** One that was sent once. */
  public FilterProbe(
      int localPort,
      Transport transport,
      Endpoint prober,
      Relation relation,
      Outcome outcome,
      Duration after,
      Instant seenAt) {
    this(localPort, transport, prober, relation, outcome, 1, after, seenAt);
  }

  public FilterProbe {
    if (localPort < 1 || localPort > 65535) {
      throw new IllegalArgumentException("port " + localPort + " is not between 1 and 65535");
    }
    if (packets < 1) {
      throw new IllegalArgumentException("a probe of " + packets + " packets");
    }
    if (after.isNegative()) {
      throw new IllegalArgumentException("an outcome after " + after.toMillis() + " ms");
    }
  }

  boolean arrived() {
    return outcome == Outcome.ARRIVED;
  }

  /** Whether something between us answered, so that the probe was not just lost. */
  boolean refused() {
    return switch (outcome) {
      case RESET, ICMP, REFUSED -> true;
      case ARRIVED, SILENCE -> false;
    };
  }

  /** What the prober's place has to do with those that our port had sent to. */
  public enum Relation {
    /** We had sent to this address, but to another port: RFC 5780's change-port. */
    SAME_ADDRESS_OTHER_PORT,
    /** We had sent nothing to this address: RFC 5780's change-IP. */
    OTHER_ADDRESS
  }

  /** What became of a probe. */
  public enum Outcome {
    /** It came to our socket. */
    ARRIVED,
    /** It did not, and nothing came back to the prober. */
    SILENCE,
    /** It did not, and the prober got a TCP reset. */
    RESET,
    /** It did not, and the prober got an ICMP error. */
    ICMP,
    /** It did not, and the prober got one of the two and cannot tell which. */
    REFUSED
  }
}
