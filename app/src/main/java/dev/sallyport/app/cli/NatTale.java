package dev.sallyport.app.cli;

import dev.sallyport.app.natreport.Line;
import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.SourceReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows a report on a terminal of 80 columns or more: what happens meanwhile on standard error, the
 * report on standard output.
 */
final class NatTale {
  private static final int LABEL_WIDTH = 12;
  private static final int WIDTH = 80 - LABEL_WIDTH;

  /** Of the program, until it asks. */
  private static final Duration START = Duration.ofMillis(400);

  private final Console console;

  NatTale(Console console) {
    this.console = console;
  }

  /** The first line, at once. */
  void asking(List<HostPort> stun, boolean dht, Duration deadline) {
    List<String> asked = new ArrayList<>(stun.stream().map(HostPort::toString).toList());
    if (dht) {
      asked.add("the DHT");
    }
    narrate(
        "asking", Words.join(asked) + "; this takes up to " + Words.roughly(deadline.plus(START)));
  }

  /** Now it takes longer. */
  void lyingQuiet(List<Duration> silences) {
    narrate(
        "quiet",
        "ports and connections lie quiet now for "
            + Words.join(silences.stream().map(Words::roughly).toList())
            + ", to see how long your NAT keeps them; Ctrl+C ends it, and nothing of the above is"
            + " lost");
  }

  /** What becomes known on the way. */
  void tell(NatRunner.News news) {
    switch (news) {
      case NatRunner.News.HostAddresses(var addresses) -> {
        if (!addresses.isEmpty()) {
          narrate("local", Words.join(addresses.stream().map(a -> IpLiteral.format(a)).toList()));
        }
      }
      case NatRunner.News.Learnt learnt -> {
        // The report says it better.
      }
      case NatRunner.News.Answered(SourceReport source) ->
          narrate(
              "heard",
              source.name() + (source.hasAnswered() ? " has answered" : " has not answered"));
    }
  }

  void tell(List<Line> lines) {
    for (Line line : lines) {
      if (line.label().isEmpty() && line.text().isEmpty()) {
        console.result("");
        continue;
      }
      String label = line.label();
      for (String part : line.kept() ? List.of(line.text()) : wrapped(line.text())) {
        console.result(console.inkOut(Ink.BOLD, pad(label)) + Words.printable(part));
        label = "";
      }
    }
  }

  private void narrate(String label, String text) {
    String padded = pad(label);
    for (String part : wrapped(text)) {
      console.narrate(console.inkErr(Ink.DIM, padded + Words.printable(part)));
      padded = pad("");
    }
  }

  private static String pad(String label) {
    return label + " ".repeat(LABEL_WIDTH - label.length());
  }

  /**
   * The text in lines that fit; a word that does not fit at all stands alone. What is an item of a
   * list is indented below its hyphen.
   */
  static List<String> wrapped(String text) {
    String indent = text.startsWith("- ") ? "  " : "";
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ")) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent + word);
      } else {
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
    }
    lines.add(line.toString());
    return lines;
  }
}
