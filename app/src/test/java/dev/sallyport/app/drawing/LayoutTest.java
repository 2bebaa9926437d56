package dev.sallyport.app.drawing;

import static dev.sallyport.app.drawing.Ladders.LANES;
import static dev.sallyport.app.drawing.Ladders.millis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.drawing.Layout.Line;
import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Kind;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import dev.sallyport.app.drawing.PacketLadder.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class LayoutTest {
  private static void check(Layout layout, String context) {
    for (int i = 0; i < layout.texts.size(); i++) {
      Text text = layout.texts.get(i);
      assertThat(text.left()).as(context).isNotNegative();
      assertThat(text.right()).as("%s %s", context, text).isLessThanOrEqualTo(layout.width());
      assertThat(text.bottom()).as(context).isLessThan(layout.height());
      List<Text> after = layout.texts.subList(i + 1, layout.texts.size());
      assertThat(after.stream().filter(text::touches)).as("%s: on %s", context, text).isEmpty();
    }
    for (Line line : layout.lines) {
      assertThat(line.y2()).as(context).isGreaterThanOrEqualTo(line.y1());
      assertThat(line.y2()).as(context).isLessThanOrEqualTo(layout.bottom());
      if (line.arrow().arrives() != null && !line.arrow().arrives().equals(line.arrow().leaves())) {
        assertThat(line.y2()).as(context).isGreaterThan(line.y1());
      }
    }
    double above = 0;
    for (Map.Entry<Long, Double> moment : layout.heights.entrySet()) {
      assertThat(moment.getValue()).as(context).isGreaterThanOrEqualTo(above);
      above = moment.getValue();
    }
  }

  @RepeatedTest(40)
  void noTextTouchesAnother_andTimeFlowsDown() {
    long seed = new Random().nextLong();
    PacketLadder ladder = Ladders.random(new Random(seed));
    Layout layout = new Layout(ladder);
    check(layout, "seed " + seed);
    assertThat(layout.lines).as("seed %d", seed).hasSameSizeAs(ladder.arrows());
    assertThat(layout.dots).as("seed %d", seed).hasSameSizeAs(ladder.marks());
  }

  @Test
  void aCrossing_isDrawnInProportion() {
    Layout layout = new Layout(Ladders.crossing());
    check(layout, "crossing");
    assertThat(layout.breaks).isEmpty();
    double first = at(layout, 12.6) - at(layout, 0.1);
    double second = at(layout, 25.1) - at(layout, 12.6);
    assertThat(second).isBetween(0.5 * first, 2 * first);
  }

  private static double at(Layout layout, double millis) {
    Double height = layout.heights.get(millis(millis).toNanos());
    assertThat(height).as("%s ms", millis).isNotNull();
    return height == null ? 0 : height;
  }

  @Test
  void aLongSilence_isABreakThatSaysHowLong() {
    List<Arrow> arrows = new ArrayList<>();
    Ladders.send(arrows, 0, 4, 0, Kind.SYN, "");
    Ladders.send(arrows, 0, 4, 1000, Kind.SYN, "");
    Ladders.send(arrows, 0, 4, 12_000, Kind.SYN, "");
    Layout layout = new Layout(new PacketLadder(LANES, arrows, List.of()));
    check(layout, "silence");
    assertThat(layout.breaks).hasSize(2);
    assertThat(layout.texts.stream().flatMap(text -> text.lines().stream()))
        .contains("975 ms later", "11.0 s later", "1000", "12000");
    assertThat(layout.height()).isLessThan(600);
  }

  @Test
  void packetsOfOneMoment_flyApart() {
    List<Arrow> arrows = new ArrayList<>();
    for (int port = 0; port < 5; port++) {
      arrows.add(new Arrow(0, 1, millis(0), millis(10), Kind.SYN, "to port " + port));
    }
    Layout layout = new Layout(new PacketLadder(LANES, arrows, List.of()));
    check(layout, "burst");
    assertThat(layout.lines.stream().map(Line::y1).distinct()).hasSize(5);
    assertThat(layout.lines.stream().map(line -> line.y2() - line.y1()).distinct()).hasSize(1);
  }

  @Test
  void theLatestMoment_hasRoomOnTheAxis() {
    Layout layout =
        new Layout(
            new PacketLadder(
                LANES,
                List.of(Arrow.lost(0, 1, PacketLadder.LONGEST, Kind.SYN, "")),
                List.of(new Mark(1, millis(1), "drops it: no mapping", Tone.BAD))));
    check(layout, "latest");
    assertThat(layout.texts.stream().map(Text::lines))
        .contains(List.of("900000"), List.of("drops it: no mapping"));
  }
}
