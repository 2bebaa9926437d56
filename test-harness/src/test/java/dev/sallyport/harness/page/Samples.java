package dev.sallyport.harness.page;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import dev.sallyport.app.drawing.PacketLadder.Tone;
import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Difficulty;
import dev.sallyport.harness.matrix.Kind;
import dev.sallyport.harness.matrix.Matrix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A matrix that nobody measured, with words in it that try to be more than text. */
final class Samples {
  static final String EVIL = "<script>alert('1')</script>\" onload=\"x&amp;\u0000";
  static final List<Kind> KINDS =
      List.of(
          new Kind("none", Difficulty.FULL_CONE, "a public address"),
          new Kind("port-restricted", Difficulty.PORT_RESTRICTED, EVIL),
          new Kind("port-restricted-rst", Difficulty.PORT_RESTRICTED, ""),
          new Kind("eim-random", Difficulty.PORT_RESTRICTED, ""),
          new Kind("cgn-block-paired", Difficulty.PORT_RESTRICTED, ""),
          new Kind("symmetric-step-1", Difficulty.SYMMETRIC, ""),
          new Kind("symmetric", Difficulty.SYMMETRIC, ""));

  private Samples() {}

  /** Every pair but the last; each easy pair connects 20 of 20, each hard one 1 of 20. */
  static Matrix matrix() {
    List<Cell> cells = new ArrayList<>();
    for (Kind client : KINDS) {
      for (Kind server : KINDS) {
        Difficulty harder = client.difficulty().or(server.difficulty());
        int connected =
            client.equals(server) && harder == Difficulty.SYMMETRIC
                ? 0
                : harder == Difficulty.SYMMETRIC ? 1 : 20;
        double rtts = connected == 0 ? Double.NaN : 1.5;
        Map<String, Integer> rungs =
            connected == 0 ? Map.of() : Map.of("external" + EVIL, connected);
        Map<String, Integer> failures = Map.of("gave up" + EVIL, 20 - connected);
        cells.add(
            new Cell(client.word(), server.word(), 20, connected, rungs, rtts, rtts, failures));
      }
    }
    cells.remove(cells.size() - 1);
    return new Matrix(
        "sim",
        7,
        Duration.ofMillis(25),
        0.5,
        "no STUN" + EVIL,
        20,
        KINDS,
        cells,
        "./lab matrix " + EVIL,
        Instant.parse("2026-11-22T21:00:00Z"),
        Duration.ofMillis(1234));
  }

  /** A run of every pair that connected at all. */
  static Optional<Explained> run(Cell cell) {
    return cell.connected() == 0
        ? Optional.empty()
        : Optional.of(new Explained(ladder(), List.of("Both dial at once.", EVIL)));
  }

  static PacketLadder ladder() {
    List<Arrow> arrows = new ArrayList<>();
    List<Mark> marks = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      Duration start = Duration.ofMillis(900L * round);
      for (int lane = 0; lane < 4; lane++) {
        Duration leaves = start.plusMillis(12L * lane);
        String label = lane == 0 ? "43775 → 8765" : "";
        arrows.add(
            new Arrow(lane, lane + 1, leaves, leaves.plusMillis(12), PacketLadder.Kind.SYN, label));
        arrows.add(Arrow.lost(lane + 1, lane, leaves, PacketLadder.Kind.RST, "WWW mmm (MW) 0123"));
        marks.add(new Mark(lane, leaves, "drops it: NO MAPPING for WWW", Tone.BAD));
        marks.add(new Mark(4, leaves, "connected", Tone.GOOD));
      }
    }
    marks.add(new Mark(1, Duration.ofSeconds(3), EVIL, Tone.NEUTRAL));
    return new PacketLadder(
        List.of("client", "client NAT", "middle", "server NAT (port-restricted-rst)", "server"),
        arrows,
        marks);
  }
}
