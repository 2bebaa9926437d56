package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.sim.VirtualTime;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Two hosts and the line between them, with delay, jitter (which reorders) and loss. */
final class Line {
  static final long MS = 1_000_000L;
  static final long SECOND = 1_000 * MS;

  final VirtualTime time = new VirtualTime();
  final TcpHost left;
  final TcpHost right;

  /** A packet that was sent, whether it arrived or not. */
  record Sent(long at, Packet packet, boolean lost) {}

  final List<Sent> trace = new ArrayList<>();
  Predicate<Packet> loses = packet -> false;
  long delay = 10 * MS;
  long jitter;
  double loss;
  private final SplittableRandom random;

  Line(long seed) {
    random = new SplittableRandom(seed);
    InetAddress one = address("192.0.2.1");
    InetAddress other = address("198.51.100.2");
    left = new TcpHost(one, time, random.split(), this::carry);
    right = new TcpHost(other, time, random.split(), this::carry);
  }

  static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  Endpoint leftAt(int port) {
    return new Endpoint(left.address(), port);
  }

  Endpoint rightAt(int port) {
    return new Endpoint(right.address(), port);
  }

  void run(long nanos) {
    time.runUntil(time.now() + nanos);
  }

  /** Until nothing is scheduled any more, TIME-WAIT included. */
  void runDry() {
    while (time.runNext()) {
      // All of it.
    }
  }

  /** What went over the line, as {@code left SYN}, since this was last asked. */
  List<String> takeTrace() {
    List<String> taken = trace.stream().map(this::words).toList();
    trace.clear();
    return taken;
  }

  private String words(Sent sent) {
    String from = sent.packet.source().equals(left.address()) ? "left " : "right ";
    return from + sent.packet.toString().split(" ", 2)[0] + (sent.lost ? " lost" : "");
  }

  private void carry(Packet packet) {
    boolean lost = loses.test(packet) || (loss > 0 && random.nextDouble() < loss);
    trace.add(new Sent(time.now(), packet, lost));
    if (!lost) {
      long after = delay + (jitter > 0 ? random.nextLong(jitter) : 0);
      TcpHost to = packet.destination().equals(left.address()) ? left : right;
      time.at(time.now() + after, () -> to.receive(packet));
    }
  }
}
