package dev.sallyport.harness.explain;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.Addresses;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.sim.Trial;
import dev.sallyport.harness.sim.TrialResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one simulated call shows: how it ended, why, and each packet between the two sites.
 *
 * @param result how it ended
 * @param sentences what the NATs did and why it ended so, for people
 * @param steps the packets between the two sites, from the first SYN on, a line each
 * @param ladder the same, to draw
 */
public record Explanation(
    Scenario scenario,
    TrialResult result,
    List<String> sentences,
    List<String> steps,
    PacketLadder ladder) {
  private static final int MOST_NAMED = 3;
  private static final int WIDTH = 100;

  public Explanation {
    sentences = List.copyOf(sentences);
    steps = List.copyOf(steps);
  }

  /** Plays the scenario once and tells what happened. */
  public static Explanation of(Scenario scenario) {
    Trace trace = new Trace();
    TrialResult result = Trial.play(scenario, trace);
    PeerTraffic traffic = new PeerTraffic(trace, new Addresses(scenario));
    return new Explanation(
        scenario,
        result,
        new Teller(scenario, result, trace, traffic).tell(),
        Steps.of(traffic, result),
        Ladders.draw(scenario, result, traffic));
  }

  /** Finds the words. */
  private record Teller(Scenario scenario, TrialResult result, Trace trace, PeerTraffic traffic) {
    List<String> tell() {
      List<String> told = new ArrayList<>();
      told.add(ending());
      told.add(kind("caller", scenario.client()));
      if (!scenario.layout().shared()) {
        told.add(kind("service", scenario.server()));
      }
      looks(Spot.CLIENT, "caller", told);
      looks(Spot.SERVER, "service", told);
      if (!scenario.layout().shared()) {
        dialled(Spot.CLIENT, Spot.SERVER, "caller", "service", told);
        dialled(Spot.SERVER, Spot.CLIENT, "service", "caller", told);
      }
      return told;
    }

    private String ending() {
      double millis = result.elapsed().toNanos() / 1e6;
      double roundTrips = millis / Math.max(0.001, scenario.path().roundTrip().toNanos() / 1e6);
      String time =
          scenario.path().roundTrip().isZero()
              ? "after %.1f ms".formatted(millis)
              : "after %.1f ms, %.1f round trips".formatted(millis, roundTrips);
      return result.connected() && result.rung() != null
          ? "Connected by " + result.rung().word() + " " + time + "."
          : "Not connected: " + result.reason() + ", " + time + ".";
    }

    private static String kind(String who, Site site) {
      String above =
          site.carrier()
              .map(c -> ", below a carrier's NAT, " + c.word() + ": " + c.summary())
              .orElse("");
      return "The "
          + who
          + " is behind "
          + site.nat().word()
          + ": "
          + site.nat().summary()
          + above
          + switch (site.ipv6()) {
            case NONE -> ".";
            case OPEN -> "; it has IPv6, open to anyone.";
            case FIREWALL -> "; it has IPv6, behind a firewall.";
          };
    }

    /** What a side learned of itself before the first SYN to the other. */
    private void looks(Spot host, String who, List<String> told) {
      Progress.@Nullable Network last = null;
      for (Trace.Entry entry : trace.entries()) {
        if (entry.nanos() > traffic.start()) {
          break;
        }
        if (entry instanceof Trace.Told(Spot at, Progress.Network network, long nanos)
            && at == host) {
          last = network;
        }
      }
      if (last != null && !last.external().isEmpty()) {
        told.add("From outside the " + who + " is seen as " + named(last.external()) + ".");
      }
    }

    private void dialled(Spot from, Spot to, String who, String whom, List<String> told) {
      List<Crossing> syns = traffic.synsLeaving(from);
      if (syns.isEmpty()) {
        return;
      }
      Set<Endpoint> sources = endpoints(syns, true);
      Set<Endpoint> targets = endpoints(syns, false);
      Map<Verdict, Integer> fate = traffic.fateAt(to, targets);
      told.add(
          "The %s sends %s to %s, from %s as seen outside%s."
              .formatted(
                  who,
                  count(syns.size(), "SYN"),
                  named(targets),
                  named(sources),
                  fate.isEmpty() ? "" : "; the " + whom + "'s NAT " + fates(fate)));
      Set<Endpoint> expected = endpoints(traffic.synsLeaving(to), false);
      if (!expected.isEmpty()
          && sources.stream().noneMatch(expected::contains)
          && !result.connected()) {
        told.add(
            "The %s dials %s, but the %s's SYNs leave from other ports: nobody told it which."
                .formatted(whom, named(expected), who));
      }
    }

    private static String fates(Map<Verdict, Integer> fate) {
      return fate.entrySet().stream()
          .map(e -> e.getKey().words() + " (" + e.getValue() + " times)")
          .collect(Collectors.joining(", "))
          .replace("(1 times)", "(once)");
    }

    private static Set<Endpoint> endpoints(List<Crossing> syns, boolean sources) {
      Set<Endpoint> found = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
      for (Crossing syn : syns) {
        if (syn.packet() instanceof Packet.Flow flow) {
          found.add(sources ? flow.from() : flow.to());
        }
      }
      return found;
    }

    private static String named(Iterable<Endpoint> endpoints) {
      List<String> all = new ArrayList<>();
      endpoints.forEach(endpoint -> all.add(endpoint.toString()));
      return all.size() <= MOST_NAMED
          ? String.join(", ", all)
          : String.join(", ", all.subList(0, MOST_NAMED))
              + " and "
              + (all.size() - MOST_NAMED)
              + " more";
    }

    private static String count(int number, String what) {
      return number == 1 ? "one " + what : number + " " + what + "s";
    }
  }

  /** The explanation as a terminal shows it. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(scenario.toString());
    lines.add("");
    for (String sentence : sentences) {
      wrap(sentence, lines);
    }
    lines.add("");
    lines.add("Step by step, in milliseconds from the first SYN between the two:");
    lines.add("");
    lines.addAll(steps);
    return lines;
  }

  private static void wrap(String sentence, List<String> lines) {
    StringBuilder line = new StringBuilder();
    for (String word : sentence.split(" ", -1)) {
      if (line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
        line.append(" ");
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
  }
}
