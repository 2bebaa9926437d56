package dev.sallyport.harness.packet;

import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One IP packet as routers and hosts look at it: what a NAT decides by, and nothing else.
 * Immutable.
 *
 * <p>{@code body} is what the packet carries for its maker, and no NAT looks into it: a message of
 * a simulated host, or the bytes of a real one.
 */
public sealed interface Packet {

  /** The address it says it is from. */
  InetAddress source();

  /** The address it goes to. */
  InetAddress destination();

  /** A packet with ports: of TCP or UDP. */
  sealed interface Flow extends Packet {
    Endpoint from();

    Endpoint to();

    /** The same packet from elsewhere, to elsewhere: what translation is. */
    Flow between(Endpoint newFrom, Endpoint newTo);

    @Override
    default InetAddress source() {
      return from().address();
    }

    @Override
    default InetAddress destination() {
      return to().address();
    }
  }

  /**
   * A TCP segment (RFC 9293 section 3.1).
   *
   * @param flags of {@link TcpFlags}
   * @param sequence 0 to 2^32 - 1
   * @param acknowledgment 0 to 2^32 - 1; 0 without the flag ACK
   * @param length how many bytes of data it has
   */
  record Tcp(
      Endpoint from,
      Endpoint to,
      int flags,
      long sequence,
      long acknowledgment,
      int length,
      @Nullable Object body)
      implements Flow {
    public Tcp {
      if (sequence >>> 32 != 0 || acknowledgment >>> 32 != 0 || length < 0 || flags >>> 8 != 0) {
        throw new IllegalArgumentException("a segment that cannot be");
      }
    }

    /** Whether all of these flags are set. */
    public boolean has(int wanted) {
      return (flags & wanted) == wanted;
    }

    /** A request to connect: SYN without ACK. */
    public boolean opens() {
      return (flags & (TcpFlags.SYN | TcpFlags.ACK | TcpFlags.RST)) == TcpFlags.SYN;
    }

    @Override
    public Tcp between(Endpoint newFrom, Endpoint newTo) {
      return new Tcp(newFrom, newTo, flags, sequence, acknowledgment, length, body);
    }

    /** For people: {@code SYN 192.0.2.1:80 > 192.0.2.2:90}. */
    @Override
    public String toString() {
      return TcpFlags.words(flags) + " " + from + " > " + to;
    }
  }

  /** A UDP datagram (RFC 768). */
  record Udp(Endpoint from, Endpoint to, int length, @Nullable Object body) implements Flow {
    public Udp {
      if (length < 0) {
        throw new IllegalArgumentException("a datagram that cannot be");
      }
    }

    @Override
    public Udp between(Endpoint newFrom, Endpoint newTo) {
      return new Udp(newFrom, newTo, length, body);
    }

    @Override
    public String toString() {
      return "UDP " + from + " > " + to;
    }
  }

  /**
   * An ICMP error about a packet that was sent before (RFC 792, RFC 4443).
   *
   * @param source who says so
   * @param about the packet that could not be delivered, as it looked where it failed; the error
   *     goes to its source
   */
  record Icmp(InetAddress source, IcmpError error, Flow about) implements Packet {
    @Override
    public InetAddress destination() {
      return about.source();
    }

    @Override
    public String toString() {
      return "ICMP " + error.words() + " about " + about;
    }
  }
}
