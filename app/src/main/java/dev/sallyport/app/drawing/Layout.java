package dev.sallyport.app.drawing;

import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Where everything of a ladder stands, in pixels. It goes from the first moment to the last: each
 * gets a height at or below that of the one before, and then what happens in it gets a slot, the
 * highest at or below that height where its words touch no others. An arrow keeps its slot at its
 * other end, so that those that fly together stay apart.
 */
final class Layout {
  static final double LANE_GAP = 160;
  static final double AXIS = 52;
  private static final double FIRST_LANE = AXIS + 66;
  private static final double LAST_MARGIN = 74;
  private static final double LINE = Text.LINE;
  private static final double HEAD = 32;
  private static final double START = HEAD + 26;
  private static final double BREAK = 46;
  private static final double LONGEST_GAP = 110;
  private static final double FLIGHT = 28;
  private static final double LOST_DROP = 12;

  /** The foot of an arrow's label is so far above its tail. */
  private static final double LABEL_RISE = 4;

  /** The foot of a mark's text is so far below its dot. */
  private static final double MARK_FOOT = 4;

  private static final int MOST_LINES = 3;

  /** An arrow's line; for a lost one, the half of it. */
  record Line(double x1, double y1, double x2, double y2, Arrow arrow) {}

  /** A mark's dot. */
  record Dot(double x, double y, Mark mark) {}

  /** A stretch of silence that was cut short. */
  record Break(double top, double bottom) {}

  /** An arrow on its way to the moment it arrives. */
  private record Flight(Arrow arrow, double tail, double drop) {}

  final List<Text> texts = new ArrayList<>();
  final List<Line> lines = new ArrayList<>();
  final List<Dot> dots = new ArrayList<>();
  final List<Break> breaks = new ArrayList<>();
  final List<Double> ticks = new ArrayList<>();

  /** Heights of the moments, by nanoseconds since the start. */
  final TreeMap<Long, Double> heights = new TreeMap<>();

  private final PacketLadder ladder;
  private final List<Arrow> arrows;
  private final List<Mark> marks;
  private final Map<Long, List<Flight>> landings = new HashMap<>();
  private final FreeSpace space = new FreeSpace(texts);
  private double lowest = START;

  Layout(PacketLadder ladder) {
    this.ladder = ladder;
    this.arrows = first(ladder.arrows(), Comparator.comparing(Arrow::leaves));
    this.marks = first(ladder.marks(), Comparator.comparing(Mark::at));
    placeNames(HEAD);
    placeMoments();
    placeTimes();
    placeEnd();
  }

  private static <T> List<T> first(List<T> all, Comparator<T> order) {
    return all.stream().sorted(order).limit(PacketLadder.MOST_DRAWN).toList();
  }

  double width() {
    return laneX(ladder.lanes().size() - 1) + LAST_MARGIN;
  }

  double height() {
    return space.bottom() + 9;
  }

  double laneX(int lane) {
    return FIRST_LANE + LANE_GAP * lane;
  }

  /** Where the lanes begin. */
  double top() {
    return HEAD + 8;
  }

  /** Where the lanes end. */
  double bottom() {
    return lowest + LINE;
  }

  private void placeNames(double y) {
    for (int lane = 0; lane < ladder.lanes().size(); lane++) {
      String name = ladder.lanes().get(lane);
      List<String> wrapped = Letters.wrap(name, LANE_GAP - 16, 2);
      double first = y - LINE * (wrapped.size() - 1);
      texts.add(
          new Text(
              laneX(lane), first, Text.Anchor.MIDDLE, "h", wrapped, Text.whole(wrapped, name)));
    }
  }

  private void placeMoments() {
    TreeSet<Long> moments = new TreeSet<>();
    arrows.forEach(
        arrow -> {
          moments.add(arrow.leaves().toNanos());
          if (arrow.arrives() != null) {
            moments.add(arrow.arrives().toNanos());
          }
        });
    marks.forEach(mark -> moments.add(mark.at().toNanos()));
    Map<Long, List<Arrow>> leavingAt =
        arrows.stream().collect(Collectors.groupingBy(arrow -> arrow.leaves().toNanos()));
    Map<Long, List<Mark>> marksAt =
        marks.stream().collect(Collectors.groupingBy(mark -> mark.at().toNanos()));
    double scale = scale();
    long before = -1;
    for (long moment : moments) {
      List<Arrow> leaving = leavingAt.getOrDefault(moment, List.of());
      List<Mark> here = marksAt.getOrDefault(moment, List.of());
      double y = before < 0 ? START : heightAfter(before, moment, scale);
      // The first of a moment stands at its height, so that it has no drop to take along.
      if (!leaving.isEmpty()) {
        y = freeTail(leaving.get(0), y);
      } else if (!here.isEmpty()) {
        y = freeSpot(here.get(0), y).y() - MARK_FOOT;
      }
      heights.put(moment, y);
      lowest = Math.max(lowest, y);
      land(moment, y);
      for (Arrow arrow : leaving) {
        start(arrow, y);
      }
      for (Mark mark : here) {
        place(mark, y);
      }
      before = moment;
    }
  }

  /**
   * Pixels a nanosecond: such that a long flight of this ladder has a slope one can see. Short hops
   * (from a host to its NAT) may be as many as long ones, so the median would not do.
   */
  private double scale() {
    List<Long> flights = new ArrayList<>();
    for (Arrow arrow : arrows) {
      if (arrow.arrives() != null && arrow.arrives().compareTo(arrow.leaves()) > 0) {
        flights.add(arrow.arrives().minus(arrow.leaves()).toNanos());
      }
    }
    flights.sort(null);
    return FLIGHT
        / (flights.isEmpty()
            ? Duration.ofMillis(20).toNanos()
            : flights.get(flights.size() * 3 / 4));
  }

  private double heightAfter(long before, long moment, double scale) {
    double above = heights.getOrDefault(before, START);
    double gap = (moment - before) * scale;
    if (gap < LINE) {
      // What fans out in the moment before goes on beside this one: a hop to a NAT stays level.
      return above + gap;
    }
    if (gap <= LONGEST_GAP) {
      return Math.max(above + gap, lowest);
    }
    double from = Math.max(lowest, space.bottom()) + 6;
    breaks.add(new Break(from, from + BREAK - 12));
    String howLong = Times.words(Duration.ofNanos(moment - before)) + " later";
    texts.add(
        new Text(
            (laneX(0) + laneX(ladder.lanes().size() - 1)) / 2,
            from + BREAK / 2 - 2,
            Text.Anchor.MIDDLE,
            "l",
            List.of(howLong),
            null));
    return from + BREAK;
  }

  private void land(long moment, double y) {
    for (Flight flight : landings.getOrDefault(moment, List.of())) {
      Arrow arrow = flight.arrow();
      double head = y + flight.drop();
      lines.add(new Line(laneX(arrow.from()), flight.tail(), laneX(arrow.to()), head, arrow));
      lowest = Math.max(lowest, head);
    }
  }

  private void start(Arrow arrow, double y) {
    double tail = freeTail(arrow, y);
    label(arrow, tail).ifPresent(texts::add);
    lowest = Math.max(lowest, tail);
    Duration arrives = arrow.arrives();
    if (arrives == null) {
      double middle = (laneX(arrow.from()) + laneX(arrow.to())) / 2;
      lines.add(new Line(laneX(arrow.from()), tail, middle, tail + LOST_DROP, arrow));
      lowest = Math.max(lowest, tail + LOST_DROP);
    } else if (arrives.equals(arrow.leaves())) {
      lines.add(new Line(laneX(arrow.from()), tail, laneX(arrow.to()), tail, arrow));
    } else {
      landings
          .computeIfAbsent(arrives.toNanos(), at -> new ArrayList<>())
          .add(new Flight(arrow, tail, tail - y));
    }
  }

  /** The highest place at or below this one where the arrow's label touches no other text. */
  private double freeTail(Arrow arrow, double y) {
    return label(arrow, y).map(label -> space.below(label, y, -LABEL_RISE)).orElse(y);
  }

  private Optional<Text> label(Arrow arrow, double tail) {
    String words = (arrow.kind().word() + " " + arrow.label()).strip();
    if (words.isEmpty()) {
      return Optional.empty();
    }
    boolean isRight = arrow.to() > arrow.from();
    double room = Math.abs(arrow.to() - arrow.from()) * LANE_GAP - 16;
    List<String> cut = List.of(Letters.cut(words, room));
    return Optional.of(
        new Text(
            laneX(arrow.from()) + (isRight ? 8 : -8),
            tail - LABEL_RISE,
            isRight ? Text.Anchor.START : Text.Anchor.END,
            "t" + arrow.kind().cssClass(),
            cut,
            Text.whole(cut, words)));
  }

  private void place(Mark mark, double y) {
    Text text = freeSpot(mark, y);
    texts.add(text);
    dots.add(new Dot(laneX(mark.lane()), text.y() - MARK_FOOT, mark));
    lowest = Math.max(lowest, text.y());
  }

  /** The mark's text at the highest place at or below this one where it touches no other. */
  private Text freeSpot(Mark mark, double y) {
    boolean isFirst = mark.lane() == 0;
    boolean isLast = mark.lane() == ladder.lanes().size() - 1;
    List<String> wrapped = Letters.wrap(mark.text(), LANE_GAP - 20, MOST_LINES);
    Text right = words(mark, y, wrapped, true);
    Text left = words(mark, y, wrapped, false);
    // To the right first, where there is a next lane to write up to.
    double atRight = isLast ? Double.MAX_VALUE : space.below(right, y, MARK_FOOT);
    double atLeft = isFirst ? Double.MAX_VALUE : space.below(left, y, MARK_FOOT);
    return atRight <= atLeft ? right.at(atRight + MARK_FOOT) : left.at(atLeft + MARK_FOOT);
  }

  private Text words(Mark mark, double y, List<String> wrapped, boolean isRight) {
    return new Text(
        laneX(mark.lane()) + (isRight ? 10 : -10),
        y + MARK_FOOT,
        isRight ? Text.Anchor.START : Text.Anchor.END,
        "m" + mark.tone().cssClass(),
        wrapped,
        Text.whole(wrapped, mark.text()));
  }

  private void placeTimes() {
    double free = 0;
    String last = "";
    texts.add(new Text(AXIS - 4, HEAD, Text.Anchor.END, "x", List.of("ms"), null));
    boolean isShort = heights.isEmpty() || heights.lastKey() < Duration.ofSeconds(1).toNanos();
    for (Map.Entry<Long, Double> moment : heights.entrySet()) {
      double y = moment.getValue();
      String time = Times.millis(moment.getKey(), isShort);
      if (y >= free && !time.equals(last)) {
        texts.add(new Text(AXIS - 4, y + 4, Text.Anchor.END, "x", List.of(time), null));
        ticks.add(y);
        free = y + LINE;
        last = time;
      }
    }
  }

  private void placeEnd() {
    lowest = Math.max(lowest, space.bottom());
    double y = bottom() + LINE;
    List<String> left = new ArrayList<>();
    int more = ladder.arrows().size() - arrows.size();
    if (more > 0) {
      left.add("and " + more + " more");
    }
    int moreMarks = ladder.marks().size() - marks.size();
    if (moreMarks > 0) {
      left.add("and " + moreMarks + " more notes");
    }
    for (String line : left) {
      texts.add(new Text(laneX(0), y, Text.Anchor.START, "l", List.of(line), null));
      y += LINE;
    }
  }
}
