package dev.sallyport.harness.explain;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Kind;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import dev.sallyport.app.drawing.PacketLadder.Tone;
import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.TrialResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Draws what went between two sites. */
final class Ladders {
  /** A call that fails repeats itself for half a minute. */
  private static final int MOST_ARROWS = 60;

  private final List<Spot> lanes;
  private final PeerTraffic traffic;

  private Ladders(List<Spot> lanes, PeerTraffic traffic) {
    this.lanes = lanes;
    this.traffic = traffic;
  }

  static PacketLadder draw(Scenario scenario, TrialResult result, PeerTraffic traffic) {
    return new Ladders(lanes(scenario), traffic).draw(result);
  }

  private PacketLadder draw(TrialResult result) {
    List<Arrow> arrows = new ArrayList<>();
    long shownUntil = traffic.start();
    int left = 0;
    for (Crossing crossing : traffic.crossings()) {
      Arrow arrow = arrow(crossing);
      if (arrow == null) {
        continue;
      }
      if (arrows.size() < MOST_ARROWS) {
        arrows.add(arrow);
        shownUntil = Math.max(crossing.leaves(), crossing.arrives());
      } else {
        left++;
      }
    }
    List<Mark> marks = new ArrayList<>();
    for (PeerTraffic.Decision decision : traffic.decisions()) {
      Trace.Judged judged = decision.judged();
      if (judged.nanos() <= shownUntil && isTelling(judged)) {
        marks.add(mark(judged.at(), judged.nanos(), judged.verdict().words(), tone(judged)));
      }
    }
    if (left > 0) {
      marks.add(mark(Spot.CLIENT, shownUntil, "and " + left + " more packets", Tone.NEUTRAL));
    }
    traffic.links().stream()
        .map(PeerTraffic.News::told)
        .filter(told -> told.nanos() >= traffic.start())
        .forEach(told -> marks.add(mark(told.at(), told.nanos(), words(told), Tone.GOOD)));
    if (!result.connected()) {
      long end = Math.max(shownUntil, traffic.start());
      marks.add(mark(Spot.CLIENT, end, "in the end: " + result.reason(), Tone.BAD));
    }
    return new PacketLadder(lanes.stream().map(Spot::words).toList(), arrows, marks);
  }

  private static List<Spot> lanes(Scenario scenario) {
    List<Spot> lanes = new ArrayList<>();
    lanes.add(Spot.CLIENT);
    if (scenario.client().filters()) {
      lanes.add(Spot.CLIENT_NAT);
    }
    boolean oneCarrier = scenario.layout() == Layout.SAME_CARRIER;
    if (scenario.client().carrier().isPresent() && !oneCarrier) {
      lanes.add(Spot.CLIENT_CARRIER);
    }
    if (!scenario.layout().shared()) {
      if (scenario.server().carrier().isPresent()) {
        lanes.add(Spot.SERVER_CARRIER);
      }
      if (scenario.server().filters()) {
        lanes.add(Spot.SERVER_NAT);
      }
    }
    lanes.add(Spot.SERVER);
    return lanes;
  }

  static String words(Trace.Told told) {
    return told.progress() instanceof Progress.Connected link
        ? "connected: " + link.rung().word()
        : "connected";
  }

  private @Nullable Arrow arrow(Crossing crossing) {
    int from = lanes.indexOf(crossing.from());
    int to = lanes.indexOf(crossing.to());
    if (from < 0) {
      return null; // an error that the middle sends
    }
    if (to < 0) {
      // Lost in the middle: towards the other side, so far as it came.
      to = crossing.from().compareTo(Spot.MIDDLE) < 0 ? from + 1 : from - 1;
    }
    Duration leaves = since(crossing.leaves());
    Packet packet = crossing.packet();
    return crossing.lost()
        ? Arrow.lost(from, to, leaves, kind(packet), label(packet))
        : new Arrow(from, to, leaves, since(crossing.arrives()), kind(packet), label(packet));
  }

  static Kind kind(Packet packet) {
    return switch (packet) {
      case Packet.Icmp icmp -> Kind.ICMP;
      case Packet.Udp udp -> Kind.OTHER;
      case Packet.Tcp tcp when tcp.has(TcpFlags.RST) -> Kind.RST;
      case Packet.Tcp tcp when tcp.opens() -> Kind.SYN;
      case Packet.Tcp tcp when tcp.has(TcpFlags.SYN) -> Kind.SYN_ACK;
      case Packet.Tcp tcp when tcp.length() > 0 -> Kind.DATA;
      case Packet.Tcp tcp when tcp.has(TcpFlags.FIN) -> Kind.OTHER;
      case Packet.Tcp tcp -> Kind.ACK;
    };
  }

  static String label(Packet packet) {
    return switch (packet) {
      case Packet.Icmp icmp -> icmp.error().words();
      case Packet.Tcp tcp when tcp.has(TcpFlags.FIN) -> "FIN " + ports(tcp);
      case Packet.Flow flow -> ports(flow);
    };
  }

  private static String ports(Packet.Flow flow) {
    String ports = flow.from().port() + " → " + flow.to().port();
    return flow.to().family() == AddressFamily.IPV6 ? "IPv6 " + ports : ports;
  }

  /** What happens to the packets that open connections or end them; the rest follows from it. */
  static boolean isTelling(Trace.Judged judged) {
    return judged.packet() instanceof Packet.Icmp
        || (judged.packet() instanceof Packet.Tcp tcp
            && (tcp.has(TcpFlags.SYN) || tcp.has(TcpFlags.RST)))
        || tone(judged) == Tone.BAD;
  }

  private static Tone tone(Trace.Judged judged) {
    return switch (judged.verdict()) {
      case ADMITTED, ADMITTED_ANYONE, FORWARDED, HAIRPINNED -> Tone.GOOD;
      case MAPPED, REUSED, MAPPED_APART, HELD, HELD_MET, ERROR_PASSED, ERROR_DROPPED ->
          Tone.NEUTRAL;
      case NOT_HAIRPINNED,
          NO_MAPPING,
          FILTERED,
          ANSWERED_RESET,
          ANSWERED_ICMP,
          HELD_TOO_LONG,
          CROSSING_SYN,
          OUT_OF_STATE,
          POISONED,
          EXHAUSTED ->
          Tone.BAD;
    };
  }

  private Mark mark(Spot at, long nanos, String text, Tone tone) {
    return new Mark(Math.max(0, lanes.indexOf(at)), since(nanos), text, tone);
  }

  private Duration since(long nanos) {
    return Duration.ofNanos(Math.max(0, nanos - traffic.start()));
  }
}
