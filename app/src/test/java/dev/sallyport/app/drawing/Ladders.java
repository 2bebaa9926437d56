package dev.sallyport.app.drawing;

import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Kind;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import dev.sallyport.app.drawing.PacketLadder.Tone;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Ladders to draw. */
final class Ladders {
  static final List<String> LANES =
      List.of("client", "client NAT", "middle", "server NAT", "server");

  private Ladders() {}

  static Duration millis(double millis) {
    return Duration.ofNanos(Math.round(millis * 1e6));
  }

  /** Two SYNs that cross, and what follows. */
  static PacketLadder crossing() {
    List<Arrow> arrows = new ArrayList<>();
    send(arrows, 0, 4, 0, Kind.SYN, "43775 → 8765");
    send(arrows, 4, 0, 3, Kind.SYN, "8765 → 43775");
    send(arrows, 0, 4, 28.2, Kind.SYN_ACK, "");
    send(arrows, 4, 0, 25.2, Kind.SYN_ACK, "");
    return new PacketLadder(
        LANES,
        arrows,
        List.of(
            new Mark(1, millis(0.1), "opens the mapping", Tone.NEUTRAL),
            new Mark(3, millis(25.1), "lets it in: it waits for this one", Tone.GOOD),
            new Mark(0, millis(50.4), "connected", Tone.GOOD)));
  }

  /** A packet on all lanes between two of them, half of 25 ms for each line to the middle. */
  static void send(List<Arrow> arrows, int from, int to, double atMillis, Kind kind, String label) {
    double at = atMillis;
    int step = Integer.signum(to - from);
    for (int lane = from; lane != to; lane += step) {
      boolean isHome = Math.min(lane, lane + step) % 3 == 0;
      double arrives = at + (isHome ? 0.1 : 12.5);
      arrows.add(
          new Arrow(
              lane, lane + step, millis(at), millis(arrives), kind, lane == from ? label : ""));
      at = arrives;
    }
  }

  /** Anything that may be drawn, crowded or sparse. */
  static PacketLadder random(Random random) {
    int lanes = 2 + random.nextInt(LANES.size() - 1);
    double span = Math.pow(10, 4 * random.nextDouble());
    List<Arrow> arrows = new ArrayList<>();
    List<Mark> marks = new ArrayList<>();
    for (int i = random.nextInt(60); i > 0; i--) {
      int from = random.nextInt(lanes);
      int to = (from + 1 + random.nextInt(lanes - 1)) % lanes;
      Duration leaves = millis(Math.rint(random.nextDouble() * span));
      Duration flight = millis(Math.rint(random.nextDouble() * 50));
      Duration arrives = random.nextInt(5) == 0 ? null : leaves.plus(flight);
      Kind kind = anyOf(random, List.of(Kind.values()));
      arrows.add(new Arrow(from, to, leaves, arrives, kind, words(random)));
    }
    for (int i = random.nextInt(30); i > 0; i--) {
      Duration at = millis(Math.rint(random.nextDouble() * span));
      Tone tone = anyOf(random, List.of(Tone.values()));
      marks.add(new Mark(random.nextInt(lanes), at, "m" + words(random), tone));
    }
    return new PacketLadder(LANES.subList(0, lanes), arrows, marks);
  }

  private static <T> T anyOf(Random random, List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private static String words(Random random) {
    return "drops it: no mapping for this remote endpoint".substring(random.nextInt(46));
  }
}
