package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.packet.TcpFlags.ACK;
import static dev.sallyport.harness.packet.TcpFlags.RST;
import static dev.sallyport.harness.packet.TcpFlags.SYN;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.Packet.Icmp;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A host, and a peer of which each segment is made by hand. Sequence numbers are counted from each
 * side's SYN: {@code give(ACK, 1, 1)} acknowledges the host's SYN. What the host sends reads {@code
 * SYN+ACK 0 1}: sequence and acknowledgment.
 */
final class HandmadePeer {
  static final long SECOND = 1_000_000_000L;
  static final int PORT = 1000;

  private static final int IRS = -100; // wraps soon

  final VirtualTime time = new VirtualTime();
  final TcpHost host;
  final Recorder told = new Recorder();
  final List<TcpConnection> accepted = new ArrayList<>();
  final Endpoint there;
  private final Endpoint here;
  private final List<Tcp> sent = new ArrayList<>();
  private final List<Long> sentAt = new ArrayList<>();
  private int iss;
  private boolean issKnown;

  HandmadePeer() {
    this("192.0.2.1", "198.51.100.2");
  }

  HandmadePeer(String hostAddress, String peerAddress) {
    there = new Endpoint(Line.address(peerAddress), 80);
    here = new Endpoint(Line.address(hostAddress), PORT);
    host = new TcpHost(here.address(), time, new SplittableRandom(7), this::take);
  }

  private void take(Packet packet) {
    if (packet instanceof Tcp segment) {
      if (segment.has(SYN) && !issKnown) {
        iss = (int) segment.sequence();
        issKnown = true;
      }
      sent.add(segment);
      sentAt.add(time.now());
    }
  }

  /** From now on, the host's numbers count from its next SYN. */
  void forgetNumbers() {
    issKnown = false;
  }

  TcpConnection connect() throws TupleInUseException {
    return host.connect(PORT, there, told);
  }

  void listen() {
    host.listen(
        PORT,
        connection -> {
          accepted.add(connection);
          connection.listen(told);
        });
  }

  /** An established connection that this end has started; nothing of it is left to be seen. */
  TcpConnection connected() throws TupleInUseException {
    TcpConnection connection = connect();
    give(SYN | ACK, 0, 1);
    seen();
    told.events.clear();
    return connection;
  }

  void give(int flags, int seq, int ack) {
    give(flags, seq, ack, 0, null);
  }

  void give(int flags, int seq, int ack, int length, @Nullable Object body) {
    long acknowledgment = (flags & ACK) != 0 ? Integer.toUnsignedLong(iss + ack) : 0;
    long sequence = Integer.toUnsignedLong(IRS + seq);
    host.receive(new Tcp(there, here, flags, sequence, acknowledgment, length, body));
  }

  void giveError(IcmpError error, int seq) {
    long sequence = Integer.toUnsignedLong(iss + seq);
    host.receive(new Icmp(there.address(), error, new Tcp(here, there, SYN, sequence, 0, 0, null)));
  }

  void run(long nanos) {
    time.runUntil(time.now() + nanos);
  }

  /** What the host has sent since this or {@link #times} was last asked. */
  List<String> seen() {
    List<String> words = sent.stream().map(this::words).toList();
    forget();
    return words;
  }

  /** The same, as "what @milliseconds of virtual time". */
  List<String> times() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < sent.size(); i++) {
      lines.add(TcpFlags.words(sent.get(i).flags()) + " @" + sentAt.get(i) / 1_000_000);
    }
    forget();
    return lines;
  }

  private void forget() {
    sent.clear();
    sentAt.clear();
  }

  private String words(Tcp segment) {
    String ack = segment.has(ACK) ? " " + ((int) segment.acknowledgment() - IRS) : "";
    String name = segment.has(RST | ACK) ? "RST+ACK" : TcpFlags.words(segment.flags());
    boolean fromNowhere = segment.has(RST) && segment.sequence() == 0;
    return name + " " + (fromNowhere ? "0" : (int) segment.sequence() - iss) + ack;
  }
}
