package dev.sallyport.app.callreport;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Kind;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import dev.sallyport.app.drawing.PacketLadder.Tone;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.punch.DialFailure;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A trace as a packet ladder: a lane for what was decided, one for this computer, and one for each
 * address that was dialled. Only this side's clock is known, so what happens at the other end is
 * drawn half-way. Dials that failed come in runs; of each run the first few are drawn, and the
 * number of the others.
 */
final class CallDrawing {
  private static final int STEPS = 0;
  private static final int SELF = 1;
  private static final int MOST_PLACES = 5;
  private static final int MOST_UP = 12;
  private static final int ROOM = PacketLadder.MOST_DRAWN - 10;
  private static final int RUNS = 5;
  private static final Duration SHORTEST_RUN = Duration.ofSeconds(3);

  private final CallTrace trace;
  private final List<InetAddress> places;
  private final List<Attempt> up;
  private final List<List<Attempt>> runs;
  private final Instant origin;
  private final List<Arrow> arrows = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();

  CallDrawing(CallTrace trace) {
    this.trace = trace;
    List<Attempt> attempts = trace.attempts();
    Instant end = trace.began();
    for (Attempt attempt : attempts) {
      end = attempt.latest().isAfter(end) ? attempt.latest() : end;
    }
    for (CallTrace.Remark remark : trace.remarks()) {
      end = remark.at().isAfter(end) ? remark.at() : end;
    }
    // A ladder has an end; of a call that waited for hours the last minutes are what matters.
    Instant earliest = end.minus(PacketLadder.LONGEST);
    origin = trace.began().isAfter(earliest) ? trace.began() : earliest;
    List<Attempt> shown = attempts.stream().filter(a -> !a.at.isBefore(origin)).toList();
    places = shown.stream().map(a -> a.remote.address()).distinct().limit(MOST_PLACES).toList();
    List<Attempt> allUp = shown.stream().filter(Attempt::wasUp).toList();
    up = allUp.subList(Math.max(0, allUp.size() - MOST_UP), allUp.size());
    runs = runs(shown.stream().filter(a -> !a.wasUp()).toList(), Duration.between(origin, end));
  }

  PacketLadder ladder() {
    for (int each = 3; each >= 0; each--) {
      draw(each);
      if (arrows.size() <= ROOM && marks.size() <= ROOM) {
        break;
      }
    }
    List<String> lanes = new ArrayList<>(List.of("steps", "this computer"));
    places.forEach(place -> lanes.add(IpLiteral.format(place)));
    lanes.add("others");
    boolean others =
        arrows.stream().anyMatch(a -> isLast(a.from(), lanes) || isLast(a.to(), lanes));
    others |= marks.stream().anyMatch(mark -> isLast(mark.lane(), lanes));
    return new PacketLadder(
        others || places.isEmpty() ? lanes : lanes.subList(0, lanes.size() - 1), arrows, marks);
  }

  private static boolean isLast(int lane, List<String> lanes) {
    return lane == lanes.size() - 1;
  }

  /** All of it, with so many dials of each run. */
  private void draw(int each) {
    arrows.clear();
    marks.clear();
    for (CallTrace.Remark remark : trace.remarks()) {
      if (!remark.at().isBefore(origin)) {
        marks.add(new Mark(STEPS, since(remark.at()), remark.text(), remark.tone()));
      }
    }
    for (List<Attempt> run : runs) {
      int drawn = run.size() <= each + 2 && each > 0 ? run.size() : each;
      run.subList(0, drawn).forEach(this::drawDial);
      if (drawn < run.size()) {
        drawRest(run.subList(drawn, run.size()), drawn > 0);
      }
    }
    up.forEach(this::drawUp);
  }

  private void drawDial(Attempt dial) {
    int lane = lane(dial);
    if (!dial.left()) {
      String why = words(Objects.requireNonNull(dial.failure));
      marks.add(new Mark(STEPS, since(dial.at), dial.remote + ": " + why, Tone.BAD));
      return;
    }
    Instant end = dial.failedAt;
    boolean answered =
        dial.failure == DialFailure.REFUSED || dial.failure == DialFailure.UNREACHABLE;
    if (end == null || !answered) {
      arrows.add(Arrow.lost(SELF, lane, since(dial.at), Kind.SYN, ports(dial)));
      return;
    }
    Instant there = middle(dial.at, end);
    Kind answer = dial.failure == DialFailure.REFUSED ? Kind.RST : Kind.ICMP;
    arrows.add(new Arrow(SELF, lane, since(dial.at), since(there), Kind.SYN, ports(dial)));
    arrows.add(new Arrow(lane, SELF, since(there), since(end), answer, ""));
  }

  private void drawRest(List<Attempt> rest, boolean more) {
    Attempt next = rest.getFirst();
    Instant last = rest.getLast().at;
    Map<DialFailure, Long> endings =
        rest.stream()
            .filter(a -> a.failure != null)
            .collect(
                Collectors.groupingBy(
                    a -> Objects.requireNonNull(a.failure),
                    () -> new EnumMap<>(DialFailure.class),
                    Collectors.counting()));
    String how =
        endings.entrySet().stream()
            .map(entry -> entry.getValue() + " " + words(entry.getKey()))
            .collect(Collectors.joining(", "));
    String count = rest.size() + (more ? " more" : " dials");
    marks.add(
        new Mark(
            lane(next),
            since(next.at),
            "… " + count + " until " + seconds(since(last)) + (how.isEmpty() ? "" : ": " + how),
            Tone.NEUTRAL));
  }

  private void drawUp(Attempt attempt) {
    int lane = lane(attempt);
    Instant upAt = Objects.requireNonNull(attempt.upAt);
    if (attempt.accepted) {
      String ports = attempt.remote.port() + " → " + attempt.localPort;
      arrows.add(new Arrow(lane, SELF, since(upAt), since(upAt), Kind.SYN, ports));
    } else {
      there(lane, attempt.at, upAt, Kind.SYN, ports(attempt));
      back(lane, attempt.at, upAt, Kind.OTHER, "it is up");
    }
    if (attempt.securingAt != null) {
      exchange(lane, attempt.securingAt, attempt.securedAt, "TLS", "TLS done");
    }
    if (attempt.helloAt != null) {
      exchange(lane, attempt.helloAt, attempt.linkAt, "HELLO", "WELCOME");
    }
    if (attempt.brokenAt != null) {
      String why = attempt.whyBroken.isBlank() ? "a connection broke" : attempt.whyBroken;
      marks.add(new Mark(STEPS, since(attempt.brokenAt), why, Tone.BAD));
    }
    if (attempt.closedAt != null) {
      marks.add(
          new Mark(STEPS, since(attempt.closedAt), "closes what is not needed", Tone.NEUTRAL));
    }
  }

  /** A question, and its answer if there was one. */
  private void exchange(
      int lane, Instant asked, @Nullable Instant answered, String question, String answer) {
    if (answered == null) {
      arrows.add(Arrow.lost(SELF, lane, since(asked), Kind.DATA, question));
    } else {
      there(lane, asked, answered, Kind.DATA, question);
      back(lane, asked, answered, Kind.DATA, answer);
    }
  }

  private void there(int lane, Instant from, Instant to, Kind kind, String label) {
    arrows.add(new Arrow(SELF, lane, since(from), since(middle(from, to)), kind, label));
  }

  private void back(int lane, Instant from, Instant to, Kind kind, String label) {
    arrows.add(new Arrow(lane, SELF, since(middle(from, to)), since(to), kind, label));
  }

  /** By where they went, and when. */
  private List<List<Attempt>> runs(List<Attempt> dials, Duration span) {
    Duration share = span.dividedBy(RUNS);
    long length = Math.max(SHORTEST_RUN.toMillis(), share.toMillis());
    Map<Long, List<Attempt>> runs = new TreeMap<>();
    for (Attempt dial : dials) {
      long number = since(dial.at).toMillis() / length;
      runs.computeIfAbsent(number * (MOST_PLACES + 3) + lane(dial), n -> new ArrayList<>())
          .add(dial);
    }
    return List.copyOf(runs.values());
  }

  private int lane(Attempt attempt) {
    int place = places.indexOf(attempt.remote.address());
    return SELF + 1 + (place < 0 ? places.size() : place);
  }

  private Duration since(Instant moment) {
    return Duration.between(origin, moment);
  }

  private static Instant middle(Instant from, Instant to) {
    return from.plus(Duration.between(from, to).dividedBy(2));
  }

  private static String ports(Attempt attempt) {
    String from = attempt.localPort == 0 ? "new" : String.valueOf(attempt.localPort);
    return from + " → " + attempt.remote.port();
  }

  private static String seconds(Duration time) {
    return "%d.%02d s".formatted(time.toSeconds(), time.toMillisPart() / 10);
  }

  private static String words(DialFailure failure) {
    return switch (failure) {
      case REFUSED -> "refused";
      case UNREACHABLE -> "unreachable";
      case TIMED_OUT -> "unanswered";
      case TUPLE_IN_USE -> "port pair in use";
      case NO_ROUTE -> "no route";
      case NO_RESOURCES -> "out of sockets";
      case ABORTED -> "cut short";
    };
  }
}
