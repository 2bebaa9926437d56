package dev.sallyport.harness.internet;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.sallyport.domain.ladder.Rung;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code lab internet} found, for people and for machines.
 *
 * @param outcome what it found
 * @param year the current one, to say how old the mix is
 * @param took how long the calls took to simulate
 */
public record InternetReport(Outcome outcome, int year, Duration took) {
  private static final int MOST_PAIRS = 5;
  private static final int WIDTH = 100;
  private static final int COLUMN = 22;
  private static final int NUMBER = 10;
  private static final int INTERVAL = 15;
  private static final int WHY = 35;

  /** For people: a page. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    Mix mix = outcome.mix();
    lines.add(mix.name() + ": " + mix.title());
    wrap(lines, COLUMN, pad("measured", COLUMN) + age());
    mix.sources().forEach(source -> wrap(lines, COLUMN, pad("source", COLUMN) + source));
    lines.add(
        pad("played", COLUMN)
            + String.format(
                Locale.ROOT,
                "%,d simulated calls, seed %d, round trips of %s",
                outcome.calls(),
                outcome.seed(),
                roundTrips()));
    lines.add("");
    lines.addAll(expectation());
    lines.add("");
    lines.addAll(rungs());
    lines.add("");
    lines.addAll(losses());
    if (!mix.judgements().isEmpty()) {
      lines.add("");
      lines.add("What is judgement in the mix, and in no interval:");
      mix.judgements().forEach(judgement -> wrap(lines, 4, "  - " + judgement));
    }
    lines.add("");
    wrap(
        lines,
        0,
        "The hosts are modelled, and the rendezvous always works. Not in the model: hosts' own"
            + " firewalls, ports opened by hand, IPv6, two hosts on one network or below one"
            + " carrier, lost packets.");
    lines.replaceAll(String::stripTrailing);
    return lines;
  }

  private String age() {
    int age = year - outcome.mix().measured();
    String words = age <= 0 ? "this year" : age == 1 ? "1 year ago" : age + " years ago";
    String sample =
        outcome.mix().sample().isPresent()
            ? String.format(
                Locale.ROOT,
                "%,d %s",
                outcome.mix().sample().getAsLong(),
                outcome.mix().sampleWords())
            : "ranges instead of a sample";
    return outcome.mix().measured() + ", " + words + "; " + sample;
  }

  private String roundTrips() {
    List<Long> millis =
        outcome.mix().roundTrips().stream().map(part -> part.what().toMillis()).sorted().toList();
    return millis.getFirst().equals(millis.getLast())
        ? millis.getFirst() + " ms"
        : millis.getFirst() + " to " + millis.getLast() + " ms";
  }

  private List<String> expectation() {
    Estimate all = outcome.all();
    String below = pad("", COLUMN + NUMBER);
    List<String> lines = new ArrayList<>();
    lines.add(
        pad("expected to connect", COLUMN)
            + pad(percent(all.rate()), NUMBER)
            + interval(all.low(), all.high())
            + "   95 % interval, of which");
    lines.add(
        below
            + interval(all.byCalls().low(), all.byCalls().high())
            + String.format(
                Locale.ROOT, "   because only %,d calls were played (Wilson)", outcome.calls()));
    lines.add(
        below
            + interval(all.mixLow(), all.mixHigh())
            + String.format(
                Locale.ROOT, "   because the mix is not exact (%,d drawn)", Outcome.MIXES_DRAWN));
    lines.add(
        below
            + (all.isMixDominant()
                ? "the mix is most of it: more calls would hardly help"
                : "the number of calls is most of it: give more --calls"));
    return lines;
  }

  private List<String> rungs() {
    List<String> lines = new ArrayList<>();
    String head = "by rung";
    for (Map.Entry<Rung, Estimate> rung : outcome.byRung().entrySet()) {
      Estimate estimate = rung.getValue();
      lines.add(
          pad(head, COLUMN - 10)
              + pad(rung.getKey().word(), 10)
              + pad(percent(estimate.rate()), NUMBER)
              + interval(estimate.low(), estimate.high()));
      head = "";
    }
    return lines;
  }

  private List<String> losses() {
    List<Outcome.Pair> losing =
        outcome.pairs().stream().filter(pair -> pair.ofAll() > 0).limit(MOST_PAIRS).toList();
    if (losing.isEmpty()) {
      return List.of("No call failed.");
    }
    List<String> lines = new ArrayList<>();
    lines.add("Which pairs lose most");
    lines.add(" of all calls      connected     who calls whom, and why it fails");
    for (Outcome.Pair pair : losing) {
      lines.add(
          "       "
              + percent(pair.ofAll())
              + String.format(
                  Locale.ROOT, "%11d/%-7d", pair.connected().successes(), pair.connected().trials())
              + pair.caller().words()
              + " calls "
              + pair.service().words());
      wrap(lines, WHY, " ".repeat(WHY) + pair.why());
    }
    return lines;
  }

  /** For machines: one line. Fields that begin with {@code wall} differ from run to run. */
  public String json() {
    Mix mix = outcome.mix();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("mix", mix.name());
    map.put("title", mix.title());
    map.put("measured", mix.measured());
    map.put("sources", mix.sources());
    map.put("judgements", mix.judgements());
    map.put("sample", mix.sample().isPresent() ? mix.sample().getAsLong() : null);
    map.put("hosts", mix.hosts().stream().map(part -> part(part.what().words(), part)).toList());
    map.put(
        "roundTripMs",
        mix.roundTrips().stream().map(part -> part(part.what().toMillis(), part)).toList());
    map.put("calls", outcome.calls());
    map.put("seed", outcome.seed());
    map.put("connected", estimate(outcome.all()));
    map.put("dominates", outcome.all().isMixDominant() ? "mix" : "calls");
    Map<String, Object> rungs = new LinkedHashMap<>();
    outcome.byRung().forEach((rung, estimate) -> rungs.put(rung.word(), estimate(estimate)));
    map.put("rungs", rungs);
    map.put("pairs", outcome.pairs().stream().map(InternetReport::pair).toList());
    map.put("wallMillis", took.toMillis());
    map.put("wallYear", year);
    try {
      return JSON.std.asString(map);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> part(Object what, Mix.Part<?> part) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("what", what);
    map.put("share", part.weight().share());
    return map;
  }

  private static Map<String, Object> estimate(Estimate estimate) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("rate", estimate.rate());
    map.put("low", estimate.low());
    map.put("high", estimate.high());
    map.put("callsLow", estimate.byCalls().low());
    map.put("callsHigh", estimate.byCalls().high());
    map.put("mixLow", estimate.mixLow());
    map.put("mixHigh", estimate.mixHigh());
    return map;
  }

  private static Map<String, Object> pair(Outcome.Pair pair) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("caller", pair.caller().words());
    map.put("service", pair.service().words());
    map.put("calls", pair.connected().trials());
    map.put("connected", pair.connected().successes());
    map.put("lostOfAll", pair.ofAll());
    map.put("why", pair.why());
    return map;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%5.1f %%", 100 * share);
  }

  private static String interval(double low, double high) {
    return pad(String.format(Locale.ROOT, "%4.1f to %.1f %%", 100 * low, 100 * high), INTERVAL);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  /** Breaks a text between words; all lines but the first are indented. */
  private static void wrap(List<String> lines, int indent, String text) {
    String left = text;
    while (left.length() > WIDTH && left.lastIndexOf(' ', WIDTH) > indent) {
      int at = left.lastIndexOf(' ', WIDTH);
      lines.add(left.substring(0, at));
      left = " ".repeat(indent) + left.substring(at + 1);
    }
    lines.add(left);
  }
}
