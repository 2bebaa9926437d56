package dev.sallyport.domain.nat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** How outer ports for TCP are picked: rules 9 to 13 of {@link NatClassifier}. */
final class AllocationJudge {
  /** More than a user has servers; it bounds the search for liars. */
  private static final int MAX_SUSPECTS = 32;

  private static final int MAX_LOOKS = 16;

  /** What a witness's own samples look like. */
  private enum Shape {
    TOO_FEW,
    NARROW,
    WIDE
  }

  private AllocationJudge() {}

  static Finding<PortAllocation> of(Views tcp, MappingJudge.Judgement mapping) {
    Views credible = tcp.only(new HashSet<>(MappingJudge.agreed(tcp, mapping))::contains);
    int liars = mapping.outvoted().size();
    Finding<PortAllocation> straight = of(credible, liars);
    if (straight.value() instanceof PortAllocation.Random) {
      Finding<PortAllocation> round = of(credible.halfRound(), liars);
      return round.value() instanceof PortAllocation.Sequential ? round : straight;
    }
    return straight;
  }

  private static Finding<PortAllocation> of(Views credible, int liars) {
    Map<Witness, List<Observation>> byWitness = credible.byWitness();
    int kept = (int) byWitness.values().stream().filter(AllocationJudge::keepsPorts).count();
    int changed = byWitness.size() - kept;
    if (kept > changed) {
      return Finding.of(
          new PortAllocation.Preserving(), Confidence.of(kept, changed + liars, Confidence.FULL));
    }
    Map<Witness, List<Observation>> narrow = having(Shape.NARROW, byWitness);
    Map<Witness, List<Observation>> wide = having(Shape.WIDE, byWitness);
    if (narrow.size() > wide.size()) {
      return narrow(narrow, wide.size() + liars);
    }
    if (wide.size() > narrow.size()) {
      return random(joined(wide), Confidence.of(wide.size(), narrow.size() + liars));
    }
    return narrow.isEmpty() ? together(credible.all()) : Finding.unknown();
  }

  /** Where nobody has seen enough alone: all as one witness. */
  private static Finding<PortAllocation> together(List<Observation> all) {
    return switch (shape(all)) {
      case TOO_FEW -> Finding.unknown();
      case WIDE -> random(all, Confidence.GUESS);
      case NARROW -> sequentialOrBlock(mainOf(List.of(all)), weight(all), Confidence.GUESS);
    };
  }

  private static boolean keepsPorts(List<Observation> views) {
    long kept = views.stream().filter(o -> o.observed().port() == o.localPort()).count();
    return 2 * kept > views.size();
  }

  private static Map<Witness, List<Observation>> having(
      Shape wanted, Map<Witness, List<Observation>> byWitness) {
    Map<Witness, List<Observation>> having = new TreeMap<>(Witness.ORDER);
    byWitness.forEach(
        (witness, views) -> {
          if (shape(views) == wanted) {
            having.put(witness, views);
          }
        });
    return having;
  }

  /** Several outer addresses have ports of their own: each is looked at for itself. */
  private static Shape shape(Collection<Observation> views) {
    if (weight(views) < SequenceFit.FEWEST) {
      return Shape.TOO_FEW;
    }
    return Samples.byAddress(views).values().stream()
            .allMatch(one -> one.span() <= PortRanges.LARGEST_BLOCK)
        ? Shape.NARROW
        : Shape.WIDE;
  }

  private static List<Observation> joined(Map<Witness, List<Observation>> views) {
    return views.values().stream().flatMap(List::stream).toList();
  }

  private static Finding<PortAllocation> random(List<Observation> views, int confidence) {
    Set<Integer> ports = new TreeSet<>();
    views.forEach(o -> ports.add(o.observed().port()));
    return Finding.of(PortRanges.random(ports), Math.min(confidence, cap(ports.size())));
  }

  /** A few samples can be close to each other, or far apart, by chance. */
  private static int cap(int samples) {
    return samples < 4 ? Confidence.WEAK : Confidence.DIFFERENCE;
  }

  private static Finding<PortAllocation> narrow(
      Map<Witness, List<Observation>> witnesses, int dissent) {
    InetAddress address = mainAddress(witnesses.values());
    Map<Witness, List<Observation>> there = new TreeMap<>(Witness.ORDER);
    witnesses.forEach(
        (witness, views) -> {
          List<Observation> own =
              views.stream()
                  .filter(o -> o.observed().address().equals(address))
                  .sorted(Comparator.comparing(Observation::observed, Views.ENDPOINTS))
                  .limit(MAX_LOOKS)
                  .toList();
          if (!own.isEmpty() && there.size() < MAX_SUSPECTS) {
            there.put(witness, own);
          }
        });
    Map<Witness, List<Observation>> close = inOneWindow(there);
    int apart = there.size() - close.size();
    if (close.size() <= apart) {
      return Finding.unknown();
    }
    Map<Witness, List<Observation>> sequence = sequenceOfMost(close, apart);
    Map<Witness, List<Observation>> believed = sequence == null ? close : sequence;
    int support = believed.size();
    return sequentialOrBlock(
        mainOf(believed.values()),
        weight(joined(witnesses)),
        Confidence.of(support, dissent + there.size() - support));
  }

  /**
   * One or the other.
   *
   * @param weight how many samples there are of all outer addresses
   */
  private static Finding<PortAllocation> sequentialOrBlock(
      Samples samples, int weight, int confidence) {
    SequenceFit fit = SequenceFit.of(samples);
    if (fit != null) {
      int capped = Math.min(confidence, cap(samples.size()));
      return Finding.of(
          new PortAllocation.Sequential(fit.step()),
          fit.signKnown() ? capped : Math.min(Confidence.GUESS, capped));
    }
    PortAllocation.Block aligned = PortRanges.alignedBlock(samples);
    // Any three ports lie in one aligned block of 512 once in 16,000 times; in one of 2048, or just
    // as close, too often.
    boolean sure =
        aligned != null && (weight > SequenceFit.FEWEST || PortRanges.isSmallest(aligned));
    return Finding.of(
        aligned == null ? PortRanges.around(samples) : aligned,
        Math.min(confidence, sure ? cap(weight) : Confidence.GUESS));
  }

  /** How many samples of one outer address would tell as much as these, maybe of several. */
  private static int weight(Collection<Observation> views) {
    return 1 + Samples.byAddress(views).values().stream().mapToInt(one -> one.size() - 1).sum();
  }

  /**
   * The witnesses whose samples fit into one window, as many as possible: of several windows the
   * lowest.
   */
  private static Map<Witness, List<Observation>> inOneWindow(
      Map<Witness, List<Observation>> witnesses) {
    Map<Witness, List<Observation>> most = Map.of();
    for (List<Observation> start : witnesses.values()) {
      int low = low(start);
      Map<Witness, List<Observation>> inside = new TreeMap<>(Witness.ORDER);
      witnesses.forEach(
          (witness, views) -> {
            if (low(views) >= low && high(views) < low + PortRanges.LARGEST_BLOCK) {
              inside.put(witness, views);
            }
          });
      boolean lower = inside.size() == most.size() && low < lowest(most.values());
      if (inside.size() > most.size() || lower) {
        most = inside;
      }
    }
    return most;
  }

  /** In order of the port: the first is the lowest. */
  private static int low(List<Observation> sorted) {
    return sorted.getFirst().observed().port();
  }

  private static int high(List<Observation> sorted) {
    return sorted.getLast().observed().port();
  }

  private static int lowest(Collection<List<Observation>> views) {
    return views.stream().mapToInt(AllocationJudge::low).min().orElse(PortRanges.HIGHEST);
  }

  /**
   * Leaves out one witness after the other, as long as those left out are fewer than the others,
   * until the rest saw a sequence; null if they never do. Out goes whose absence leaves the fewest
   * different gaps.
   */
  private static @Nullable Map<Witness, List<Observation>> sequenceOfMost(
      Map<Witness, List<Observation>> witnesses, int alreadyOut) {
    Map<Witness, List<Observation>> left = new TreeMap<>(Witness.ORDER);
    left.putAll(witnesses);
    int out = alreadyOut;
    while (out < left.size()) {
      if (SequenceFit.of(mainOf(left.values())) != null) {
        return left;
      }
      Witness worst = worstOf(left);
      if (worst == null) {
        return null;
      }
      left.remove(worst);
      out++;
    }
    return null;
  }

  private static @Nullable Witness worstOf(Map<Witness, List<Observation>> witnesses) {
    Witness worst = null;
    int fewest = Integer.MAX_VALUE;
    for (Witness witness : witnesses.keySet()) {
      Map<Witness, List<Observation>> others = new HashMap<>(witnesses);
      others.remove(witness);
      if (others.isEmpty()) {
        return null;
      }
      Samples samples = mainOf(others.values());
      if (samples.size() < SequenceFit.FEWEST) {
        continue;
      }
      int different = SequenceFit.of(samples) != null ? 0 : new HashSet<>(samples.gaps()).size();
      if (different < fewest) {
        fewest = different;
        worst = witness;
      }
    }
    return worst;
  }

  /** All that was seen at the {@linkplain #mainAddress main address}. */
  private static Samples mainOf(Collection<List<Observation>> views) {
    List<Observation> all = views.stream().flatMap(List::stream).toList();
    return Objects.requireNonNull(Samples.byAddress(all).get(mainAddress(views)));
  }

  /**
   * The outer address that most witnesses saw; of several the one with most ports.
   *
   * @param views at least one
   */
  private static InetAddress mainAddress(Collection<List<Observation>> views) {
    Map<InetAddress, Integer> witnesses = new HashMap<>();
    List<Observation> all = new ArrayList<>();
    for (List<Observation> seen : views) {
      seen.stream()
          .map(o -> o.observed().address())
          .distinct()
          .forEach(address -> witnesses.merge(address, 1, Integer::sum));
      all.addAll(seen);
    }
    return Samples.byAddress(all).entrySet().stream()
        .max(
            Comparator.<Map.Entry<InetAddress, Samples>>comparingInt(
                    one -> witnesses.getOrDefault(one.getKey(), 0))
                .thenComparingInt(one -> one.getValue().size())
                .thenComparing(one -> one.getKey().getAddress(), Arrays::compareUnsigned))
        .orElseThrow()
        .getKey();
  }
}
