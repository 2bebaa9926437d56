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

  /** For people: a page. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    Mix mix = outcome.mix();
    lines.add(mix.name() + ": " + mix.title());
    wrap(lines, COLUMN, pad("measured", COLUMN) + age());
    mix.sources().forEach(source -> wrap(lines, COLUMN, pad("source", COLUMN) + source));
    lines.add(
        pad("played", COLUMN)
            + "%,d simulated calls, seed %d, round trips of %s"
                .formatted(outcome.calls(), outcome.seed(), roundTrips()));
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
    return lines;
  }

  private String age() {
    int age = year - outcome.mix().measured();
    String words = age <= 0 ? "this year" : age == 1 ? "1 year ago" : age + " years ago";
    String sample =
        outcome.mix().sample().isPresent()
            ? "%,d %s".formatted(outcome.mix().sample().getAsLong(), outcome.mix().sampleWords())
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
    List<String> lines = new ArrayList<>();
    lines.add(
        pad("expected to connect", COLUMN)
            + percent(all.rate())
            + "   %s of calls, in 95 %% of cases".formatted(interval(all.low(), all.high())));
    lines.add(
        pad("  left open by", COLUMN)
            + "the number of calls   "
            + interval(all.byCalls().low(), all.byCalls().high()));
    lines.add(
        pad("", COLUMN) + "what the mix knows    " + interval(all.mixLow(), all.mixHigh()));
    lines.add(
        pad("", COLUMN)
            + (all.isMixDominant()
                ? "mostly the mix: more calls would hardly narrow it"
                : "mostly the number of calls: more of them (--calls) narrow it"));
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
              + percent(estimate.rate())
              + "   "
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
    lines.add(" of all calls   connected   caller, service, why");
    for (Outcome.Pair pair : losing) {
      lines.add(
          "       "
              + percent(pair.ofAll())
              + "   %9s   ".formatted(pair.connected().successes() + "/" + pair.connected().trials())
              + pair.caller().words()
              + " calls "
              + pair.service().words());
      wrap(lines, 28, " ".repeat(28) + pair.why());
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
    return String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * low, 100 * high);
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
