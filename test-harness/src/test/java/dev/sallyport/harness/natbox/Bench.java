package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A box on a bench: packets go in one by one, and each tells what came out because of it. */
final class Bench {
  /** Two ports of the host {@code a}, and the same of its neighbour {@code b}. */
  static final String A1 = "10.0.0.2:5001";

  static final String A2 = "10.0.0.2:5002";
  static final String B1 = "10.0.0.3:5001";

  /** Two ports of the remote {@code x}, and one of another remote. */
  static final String X1 = "203.0.113.1:80";

  static final String X2 = "203.0.113.1:81";
  static final String Y1 = "203.0.113.2:80";

  /** The box's first outer address. */
  static final String OUTER = "198.18.0.1";

  /** The first sequence numbers of hosts inside, and of remotes. */
  static final long INNER = 1000;

  static final long REMOTE = 9_000_000_000L % (1L << 32);

  final NatBox box;
  private long now = 1_000_000_000_000L;

  /** What became of one packet. */
  record Outcome(List<Verdict> verdicts, List<Packet> inside, List<Packet> outside) {
    Verdict verdict() {
      return verdicts.get(0);
    }

    /** The one packet that went in, or null. */
    @Nullable Packet in() {
      return inside.isEmpty() ? null : inside.get(0);
    }

    /** The one packet that went out, or null. */
    @Nullable Packet out() {
      return outside.isEmpty() ? null : outside.get(0);
    }

    /** The packet with ports that went in. */
    Packet.Flow arrived() {
      return (Packet.Flow) Objects.requireNonNull(in(), toString());
    }

    /** The packet with ports that went out. */
    Packet.Flow left() {
      return (Packet.Flow) Objects.requireNonNull(out(), toString());
    }

    boolean nothingCameOut() {
      return inside.isEmpty() && outside.isEmpty();
    }
  }

  Bench(NatBehavior behavior) {
    this(behavior, 1);
  }

  Bench(NatBehavior behavior, long seed) {
    List<InetAddress> outside =
        IntStream.rangeClosed(1, behavior.outerAddresses())
            .mapToObj(i -> address("198.18.0." + i))
            .toList();
    box = new NatBox(behavior, outside, new Random(seed));
  }

  /** Time passes. */
  Bench after(double seconds) {
    now += Math.round(seconds * 1e9);
    return this;
  }

  long now() {
    return now;
  }

  /** A host sends. */
  Outcome out(Packet packet) {
    Collector collector = new Collector();
    box.fromInside(packet, now, collector);
    return collector.outcome();
  }

  /** A remote sends. */
  Outcome in(Packet packet) {
    Collector collector = new Collector();
    box.fromOutside(packet, now, collector);
    return collector.outcome();
  }

  Outcome tick() {
    Collector collector = new Collector();
    box.tick(now, collector);
    return collector.outcome();
  }

  /** A host sends a SYN: which endpoint the remote sees. */
  String dial(String inner, String remote) {
    return seen(out(syn(inner, remote)));
  }

  /** A host sends a datagram: which endpoint the remote sees. */
  String send(String inner, String remote) {
    return seen(out(udp(inner, remote)));
  }

  /** A host connects: which endpoint the remote sees. */
  String connect(String inner, String remote) {
    String outer = dial(inner, remote);
    in(synAck(remote, outer, REMOTE, INNER + 1));
    out(ack(inner, remote, INNER + 1, REMOTE + 1));
    return outer;
  }

  /** Whether a SYN of this remote reaches a host. */
  boolean lets(String remote, String outer) {
    return in(syn(remote, outer)).in() != null;
  }

  /** Whether the SYN+ACK that answers a host's SYN reaches it. */
  boolean letsAnswer(String remote, String outer) {
    return in(synAck(remote, outer, REMOTE, INNER + 1)).in() != null;
  }

  private static String seen(Outcome outcome) {
    return outcome.left().from().toString();
  }

  private static final class Collector implements NatOutlet {
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Packet> inside = new ArrayList<>();
    private final List<Packet> outside = new ArrayList<>();

    @Override
    public void toInside(Packet packet) {
      inside.add(packet);
    }

    @Override
    public void toOutside(Packet packet) {
      outside.add(packet);
    }

    @Override
    public void judged(Verdict verdict, Packet packet) {
      verdicts.add(verdict);
    }

    Outcome outcome() {
      return new Outcome(verdicts, inside, outside);
    }
  }

  static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  static int port(String endpoint) {
    return Endpoint.parse(endpoint).port();
  }

  static String host(String endpoint) {
    return IpLiteral.format(Endpoint.parse(endpoint).address());
  }

  /** A remote's SYN has another first sequence number than a host's. */
  static Packet.Tcp syn(String from, String to) {
    return syn(from, to, from.startsWith("10.") ? INNER : REMOTE);
  }

  static Packet.Tcp syn(String from, String to, long sequence) {
    return tcp(from, to, TcpFlags.SYN, sequence, 0);
  }

  static Packet.Tcp synAck(String from, String to, long sequence, long acknowledgment) {
    return tcp(from, to, TcpFlags.SYN | TcpFlags.ACK, sequence, acknowledgment);
  }

  static Packet.Tcp ack(String from, String to, long sequence, long acknowledgment) {
    return tcp(from, to, TcpFlags.ACK, sequence, acknowledgment);
  }

  static Packet.Tcp fin(String from, String to, long sequence, long acknowledgment) {
    return tcp(from, to, TcpFlags.FIN | TcpFlags.ACK, sequence, acknowledgment);
  }

  static Packet.Tcp rst(String from, String to, long sequence, long acknowledgment) {
    return tcp(from, to, TcpFlags.RST | TcpFlags.ACK, sequence, acknowledgment);
  }

  static Packet.Tcp tcp(String from, String to, int flags, long sequence, long acknowledgment) {
    return new Packet.Tcp(
        Endpoint.parse(from), Endpoint.parse(to), flags, sequence, acknowledgment, 0, null);
  }

  static Packet.Udp udp(String from, String to) {
    return new Packet.Udp(Endpoint.parse(from), Endpoint.parse(to), 10, null);
  }

  /** An error about a packet from one endpoint to another. */
  static Packet.Icmp icmp(String source, Packet.Flow about) {
    return new Packet.Icmp(address(source), IcmpError.HOST_UNREACHABLE, about);
  }
}
