package dev.sallyport.harness.kit;

import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every hop of every packet and every decision of a NAT, to be read by people:
 *
 * <pre>
 *  50.000 ms  client NAT  UDP 198.18.20.2:4000 &gt; 198.18.10.2:4000: drops it: no mapping
 * </pre>
 *
 * Bounded: it keeps the first and the last {@value #KEPT} entries, and counts those in between.
 * Words are made when it is printed, bodies by their {@code toString}.
 *
 * <p>For the scheduler's thread.
 */
public final class PacketLog implements NetObserver {
  static final int KEPT = 500;

  private static final int LONGEST_BODY = 60;

  private final NetObserver next;
  private final List<Entry> first = new ArrayList<>();
  private final Deque<Entry> last = new ArrayDeque<>();
  private long between;

  /** What happened to a packet: it went on to another spot, got lost on the way, or was judged. */
  private record Entry(
      long nanos,
      Spot at,
      @Nullable Spot to,
      Packet packet,
      long arrives,
      @Nullable Verdict verdict) {

    @Override
    public String toString() {
      String lane = to == null ? at.words() : at.words() + " > " + to.words();
      return String.format(
          Locale.ROOT, "%11.3f ms  %-27s  %s%s%s", nanos / 1e6, lane, packet, body(), end());
    }

    private String end() {
      if (verdict != null) {
        return ": " + verdict.words();
      }
      if (arrives < 0) {
        return ", lost on the way";
      }
      return arrives == nanos ? "" : String.format(Locale.ROOT, ", arrives at %.3f", arrives / 1e6);
    }

    private String body() {
      Object body =
          switch (packet) {
            case Packet.Tcp segment -> segment.body();
            case Packet.Udp datagram -> datagram.body();
            case Packet.Icmp error -> null;
          };
      if (body == null || body instanceof byte[]) {
        return "";
      }
      String words = body.toString();
      return " \"" + words.substring(0, Math.min(words.length(), LONGEST_BODY)) + "\"";
    }
  }

  PacketLog(NetObserver next) {
    this.next = next;
  }

  /** One line for each entry, in the order in which things happened; empty if nothing did. */
  public List<String> lines() {
    Stream<String> gap =
        between == 0 ? Stream.of() : Stream.of("   ... " + between + " entries left out ...");
    return Stream.of(first.stream().map(Entry::toString), gap, last.stream().map(Entry::toString))
        .flatMap(lines -> lines)
        .toList();
  }

  /** All lines, each with its end. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    lines().forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  @Override
  public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
    add(new Entry(leaves, from, to, packet, arrives, null));
    next.sent(from, to, packet, leaves, arrives);
  }

  @Override
  public void lost(Spot from, Spot to, Packet packet, long leaves) {
    add(new Entry(leaves, from, to, packet, -1, null));
    next.lost(from, to, packet, leaves);
  }

  @Override
  public void judged(Spot at, Verdict verdict, Packet packet, long now) {
    add(new Entry(now, at, null, packet, now, verdict));
    next.judged(at, verdict, packet, now);
  }

  private void add(Entry entry) {
    if (first.size() < KEPT) {
      first.add(entry);
      return;
    }
    last.add(entry);
    if (last.size() > KEPT) {
      last.removeFirst();
      between++;
    }
  }
}
