package dev.sallyport.app.drawing;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who sent which packet when: a lane for each place, left to right, and time that flows down. It is
 * in proportion as long as something happens; a long silence shrinks to a break that says how long
 * it was, and where packets crowd, time is stretched until their words fit. Immutable.
 *
 * @param lanes names of the places, 2 to 8, none blank
 * @param arrows the packets, in any order; of those that leave at once, the first is drawn highest
 * @param marks what was decided or reached, in any order
 */
public record PacketLadder(List<String> lanes, List<Arrow> arrows, List<Mark> marks) {
  /** How many arrows are drawn, and how many marks; of the others, which are later, the number. */
  public static final int MOST_DRAWN = 200;

  /** No moment is later after the start. */
  public static final Duration LONGEST = Duration.ofMinutes(15);

  private static final int MOST_LANES = 8;

  public PacketLadder {
    lanes = List.copyOf(lanes);
    arrows = List.copyOf(arrows);
    marks = List.copyOf(marks);
    if (lanes.size() < 2 || lanes.size() > MOST_LANES) {
      throw new IllegalArgumentException(
          lanes.size() + " lanes; expected 2 to " + MOST_LANES + " of them");
    }
    if (lanes.stream().anyMatch(String::isBlank)) {
      throw new IllegalArgumentException("a lane without a name in " + lanes);
    }
    for (Arrow arrow : arrows) {
      Objects.checkIndex(arrow.from(), lanes.size());
      Objects.checkIndex(arrow.to(), lanes.size());
    }
    for (Mark mark : marks) {
      Objects.checkIndex(mark.lane(), lanes.size());
    }
  }

  /**
   * One packet's way from lane to lane.
   *
   * @param from index of the lane it leaves
   * @param to index of another lane
   * @param leaves when, after the start
   * @param arrives when, after the start and not before it leaves; null if it is lost on the way
   * @param label what to say beside its kind, for example {@code "43775 → 8765"}; may be empty
   */
  public record Arrow(
      int from, int to, Duration leaves, @Nullable Duration arrives, Kind kind, String label) {
    public Arrow {
      if (from == to) {
        throw new IllegalArgumentException("an arrow from lane " + from + " to itself");
      }
      checkMoment(leaves);
      if (arrives != null) {
        checkMoment(arrives);
        if (arrives.compareTo(leaves) < 0) {
          throw new IllegalArgumentException("arrives at " + arrives + ", leaves at " + leaves);
        }
      }
    }

    /** A packet that leaves and never arrives. */
    public static Arrow lost(int from, int to, Duration leaves, Kind kind, String label) {
      return new Arrow(from, to, leaves, null, kind, label);
    }
  }

  /** What a packet is; each has its colour and its word. */
  public enum Kind {
    SYN("SYN", "s"),
    SYN_ACK("SYN-ACK", "k"),
    ACK("ACK", "a"),
    RST("RST", "r"),
    ICMP("ICMP", "i"),
    DATA("data", "d"),
    /** Has no word of its own: only the label is written. */
    OTHER("", "o");

    private final String word;
    private final String cssClass;

    Kind(String word, String cssClass) {
      this.word = word;
      this.cssClass = cssClass;
    }

    String word() {
      return word;
    }

    String cssClass() {
      return cssClass;
    }
  }

  /**
   * Something that happened in one place: what a NAT decided and why, that a side is connected.
   *
   * @param at after the start
   * @param text for example {@code "drops it: no mapping"}, not blank
   */
  public record Mark(int lane, Duration at, String text, Tone tone) {
    public Mark {
      checkMoment(at);
      if (text.isBlank()) {
        throw new IllegalArgumentException("a mark without a text");
      }
    }
  }

  /** Whether a mark is good news for who wants to connect. */
  public enum Tone {
    GOOD("g"),
    BAD("b"),
    NEUTRAL("n");

    private final String cssClass;

    Tone(String cssClass) {
      this.cssClass = cssClass;
    }

    String cssClass() {
      return cssClass;
    }
  }

  private static void checkMoment(Duration moment) {
    if (moment.isNegative() || moment.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          moment + " after the start is not between 0 and " + LONGEST);
    }
  }

  /**
   * The drawing, an {@code <svg>} element that stands alone: well-formed XML, its style inside, no
   * script, nothing from elsewhere, every text escaped. Equal ladders give equal drawings. It is as
   * wide as its lanes need, some 160 pixels each: give it a container that scrolls.
   */
  public String svg() {
    return new SvgWriter(this).write(SvgWriter.STYLE);
  }

  /** The same without its style, for a page that has {@link #style()} once for many drawings. */
  public String svgWithoutStyle() {
    return new SvgWriter(this).write("");
  }

  /**
   * The style sheet of every drawing: light or dark as the reader prefers. All of its rules are
   * about the class {@code pl}; a page may set that class's {@code --bg} to its own background.
   */
  public static String style() {
    return SvgWriter.STYLE;
  }
}
