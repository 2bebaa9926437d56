package dev.sallyport.harness.internet;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mix from text: a word and its value on each line, and after {@code #} what you like.
 *
 * <pre>
 * title     Our office and our customers
 * source    Counted by hand, October 2026
 * measured  2026
 * sample    40 routers
 * judgement Routers we could not name are taken for port-restricted.
 * nat       70%  port-restricted
 * nat       rest port-restricted below symmetric
 * rtt       30 ms  100%
 * </pre>
 *
 * <p>Instead of {@code sample}, the weights of {@code nat} lines can have ranges: {@code nat 16%
 * (12-21) symmetric}. One {@code nat} line can say {@code rest}.
 */
final class MixReader {
  static final int MOST_CHARS = 65_536;
  private static final int MOST_PARTS = 32;
  private static final int LONGEST_LINE = 500;
  private static final double ROUNDING = 0.5;

  private static final Pattern LINE = Pattern.compile("(\\S+)(?:\\s+(.*))?");
  private static final String NUMBER = "(\\d{1,3}(?:\\.\\d{1,6})?)";
  private static final String RANGE = "(?:\\s*\\(" + NUMBER + "\\s*-\\s*" + NUMBER + "\\s*%?\\))?";
  private static final String SHARE = NUMBER + "\\s*%" + RANGE;
  private static final Pattern NAT =
      Pattern.compile("(?:" + SHARE + "|rest)\\s+(\\S+)(?:\\s+below\\s+(\\S+))?");
  private static final Pattern RTT = Pattern.compile("(\\d{1,5})\\s*ms\\s+" + SHARE);
  private static final Pattern SAMPLE = Pattern.compile("(\\d{1,12})\\s+(\\S.*)");
  private static final Pattern YEAR = Pattern.compile("(19|20)\\d\\d");

  private static final int LONGEST_RTT_MILLIS = 20_000;

  /** A part as a line has it; its percent is null for the rest. */
  private record Entry<T>(
      T what, @Nullable Double percent, double low, double high, boolean ranged, int line) {}

  private final String name;
  private final String where;
  private final Map<String, String> single = new HashMap<>();
  private final List<String> sources = new ArrayList<>();
  private final List<String> judgements = new ArrayList<>();
  private final List<Entry<Host>> hosts = new ArrayList<>();
  private final List<Entry<Duration>> roundTrips = new ArrayList<>();
  private int line;

  private MixReader(String name, String where) {
    this.name = name;
    this.where = where;
  }

  /**
   * @param name what the mix is called
   * @param where the file, for errors
   * @throws MixFormatException naming file and line, what is wrong and what to write instead
   */
  static Mix read(String name, String where, String text) throws MixFormatException {
    MixReader reader = new MixReader(name, where);
    if (text.length() > MOST_CHARS) {
      throw reader.inFile("it is longer than " + MOST_CHARS + " characters, which no mix needs");
    }
    for (String line : text.split("\\R", -1)) {
      reader.line++;
      reader.take(line);
    }
    return reader.mix();
  }

  private void take(String raw) throws MixFormatException {
    if (raw.length() > LONGEST_LINE) {
      throw inLine("it is longer than " + LONGEST_LINE + " characters");
    }
    if (raw.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
      throw inLine("there is a control character in it; a mix is plain text");
    }
    int comment = raw.indexOf('#');
    String text = (comment < 0 ? raw : raw.substring(0, comment)).strip();
    if (text.isEmpty()) {
      return;
    }
    Matcher parts = LINE.matcher(text);
    String value = parts.matches() && parts.group(2) != null ? parts.group(2).strip() : "";
    switch (parts.group(1)) {
      case "title", "measured", "sample" -> takeSingle(parts.group(1), value);
      case "source" -> add(sources, "source", value);
      case "judgement" -> add(judgements, "judgement", value);
      case "nat" -> takeNat(value);
      case "rtt" -> takeRtt(value);
      default ->
          throw inLine(
              "\""
                  + parts.group(1)
                  + "\" is no word for the start of a line; expected one of title, source,"
                  + " measured, sample, judgement, nat, rtt, for example: nat 57% port-restricted");
    }
  }

  private void takeSingle(String word, String value) throws MixFormatException {
    Pattern form = word.equals("sample") ? SAMPLE : word.equals("measured") ? YEAR : null;
    String example =
        switch (word) {
          case "sample" -> "sample 907 peers";
          case "measured" -> "measured 2016";
          default -> "title Home routers in 2016";
        };
    if (value.isEmpty() || (form != null && !form.matcher(value).matches())) {
      throw inLine("\"" + value + "\" is no value for " + word + "; for example: " + example);
    }
    if (single.putIfAbsent(word, value) != null) {
      throw inLine("there is a line \"" + word + "\" already, and one is enough");
    }
  }

  private void add(List<String> lines, String word, String value) throws MixFormatException {
    if (value.isEmpty() || lines.size() == MOST_PARTS) {
      throw inLine(
          value.isEmpty()
              ? "a line \"" + word + "\" says something; for example: " + word + " Our own count"
              : "there are more than " + MOST_PARTS + " lines \"" + word + "\"");
    }
    lines.add(value);
  }

  private void takeNat(String value) throws MixFormatException {
    Matcher parts = NAT.matcher(value);
    if (!parts.matches()) {
      throw inLine(
          "\""
              + value
              + "\" is no share of hosts; expected a percentage or \"rest\", a kind of NAT, and"
              + " what it is below if anything, for example: nat 8% (0-16) port-restricted below"
              + " symmetric");
    }
    Host host = host(parts.group(4), parts.group(5));
    takePart(hosts, host, host.words(), parts.group(1), parts.group(2), parts.group(3));
  }

  private Host host(String kind, @Nullable String carrier) throws MixFormatException {
    try {
      Host host = Host.parse(kind);
      if (carrier == null) {
        return host;
      }
      Site site = host.site().orElse(Site.behind(NatKind.NONE));
      return Host.at(site.below(NatKind.parse(carrier)));
    } catch (IllegalArgumentException e) {
      throw inLine(e.getMessage() + "; for example: nat 57% port-restricted");
    }
  }

  private void takeRtt(String value) throws MixFormatException {
    Matcher parts = RTT.matcher(value);
    if (!parts.matches() || Integer.parseInt(parts.group(1)) > LONGEST_RTT_MILLIS) {
      throw inLine(
          "\""
              + value
              + "\" is no share of round trips; expected 0 to "
              + LONGEST_RTT_MILLIS
              + " ms and a percentage, for example: rtt 20 ms 25%");
    }
    Duration roundTrip = Duration.ofMillis(Integer.parseInt(parts.group(1)));
    String words = parts.group(1) + " ms";
    takePart(roundTrips, roundTrip, words, parts.group(2), parts.group(3), parts.group(4));
  }

  private <T> void takePart(
      List<Entry<T>> entries,
      T what,
      String words,
      @Nullable String percent,
      @Nullable String low,
      @Nullable String high)
      throws MixFormatException {
    for (Entry<T> entry : entries) {
      if (entry.what().equals(what)) {
        throw inLine(words + " has its share in line " + entry.line() + " already");
      }
      if (entry.percent() == null && percent == null) {
        throw inLine("the rest is named in line " + entry.line() + " already");
      }
    }
    if (entries.size() == MOST_PARTS) {
      throw inLine("there are more than " + MOST_PARTS + " kinds, which nobody can tell apart");
    }
    Double share = percent == null ? null : Double.valueOf(percent);
    double lowest = low == null ? Double.NaN : Double.parseDouble(low);
    double highest = high == null ? Double.NaN : Double.parseDouble(high);
    if (share != null && !(share > 0 && share <= 100)) {
      throw inLine(percent + "% is no share; expected more than 0% and at most 100%");
    }
    if (share != null && low != null && !(lowest <= share && share <= highest && highest <= 100)) {
      throw inLine(
          "the share "
              + percent
              + "% is not in its range "
              + low
              + "-"
              + high
              + "; for example: 16% (12-21)");
    }
    entries.add(new Entry<>(what, share, lowest / 100, highest / 100, low != null, line));
  }

  private Mix mix() throws MixFormatException {
    for (String word : List.of("title", "measured")) {
      if (!single.containsKey(word)) {
        throw inFile("it has no line \"" + word + "\"");
      }
    }
    if (sources.isEmpty()) {
      throw inFile("it has no line \"source\": numbers without a source are guesses");
    }
    String sample = single.getOrDefault("sample", "");
    boolean ranged = hosts.stream().anyMatch(Entry::ranged);
    if (sample.isEmpty() == !ranged) {
      throw inFile(
          ranged
              ? "it has both a line \"sample\" and ranges on nat lines; expected one of the two"
              : "nothing in it says how sure the shares are; expected a line such as \"sample 907"
                  + " peers\", or ranges such as \"nat 16% (12-21) symmetric\"");
    }
    Matcher counted = SAMPLE.matcher(sample);
    boolean hasSample = counted.matches();
    if (hasSample && Long.parseLong(counted.group(1)) == 0) {
      throw inFile("its sample is 0, which says nothing");
    }
    return new Mix(
        name,
        single.getOrDefault("title", ""),
        Integer.parseInt(single.getOrDefault("measured", "0")),
        sources,
        judgements,
        hasSample ? OptionalLong.of(Long.parseLong(counted.group(1))) : OptionalLong.empty(),
        hasSample ? counted.group(2) : "",
        parts(hosts, "nat", "nat 57% port-restricted"),
        parts(roundTrips, "rtt", "rtt 20 ms 25%"));
  }

  private <T> List<Mix.Part<T>> parts(List<Entry<T>> entries, String word, String example)
      throws MixFormatException {
    if (entries.isEmpty()) {
      throw inFile("it has no line \"" + word + "\"; for example: " + example);
    }
    double named = 0;
    boolean rest = false;
    for (Entry<T> entry : entries) {
      named += entry.percent() == null ? 0 : entry.percent();
      rest |= entry.percent() == null;
    }
    if (rest ? named >= 100 : Math.abs(named - 100) > ROUNDING) {
      throw inFile(
          "its "
              + word
              + " lines make "
              + Math.round(named * 100) / 100.0
              + "%; expected "
              + (rest ? "less than 100%, as one of them is the rest" : "100%"));
    }
    double all = rest ? 100 : named;
    List<Mix.Part<T>> parts = new ArrayList<>();
    for (Entry<T> entry : entries) {
      double share = (entry.percent() == null ? 100 - named : entry.percent()) / all;
      parts.add(
          new Mix.Part<>(
              entry.what(),
              entry.ranged()
                  ? new Weight(share, Math.min(share, entry.low()), Math.max(share, entry.high()))
                  : Weight.of(share)));
    }
    return parts;
  }

  private MixFormatException inLine(String complaint) {
    return new MixFormatException(where + ", line " + line + ": " + complaint);
  }

  private MixFormatException inFile(String complaint) {
    return new MixFormatException(where + ": " + complaint);
  }
}
