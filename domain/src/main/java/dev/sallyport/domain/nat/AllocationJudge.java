package dev.sallyport.domain.nat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How outer ports for TCP are picked: rules 9 to 13 of {@link NatClassifier}. */
final class AllocationJudge {
  /** The largest block: what carriers give one customer is seldom more (RFC 7422 section 2.1). */
  private static final int WINDOW = 2048;

  /** Fewer samples than ports make a block look smaller than it is. */
  private static final int SMALLEST_BLOCK = 512;

  private static final int LOWEST = 1024;
  private static final int HIGHEST = 65535;

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
    Map<Witness, List<Observation>> byWitness = credible.byWitness();
    int liars = mapping.outvoted().size();
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
      case NARROW -> {
        Samples main = mainOf(List.of(all));
        yield main == null
            ? Finding.unknown()
            : sequentialOrBlock(main, weight(all), Confidence.GUESS);
      }
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
    return Samples.byAddress(views).values().stream().allMatch(one -> one.span() <= WINDOW)
        ? Shape.NARROW
        : Shape.WIDE;
  }

  private static List<Observation> joined(Map<Witness, List<Observation>> views) {
    return views.values().stream().flatMap(List::stream).toList();
  }

  private static Finding<PortAllocation> random(List<Observation> views, int confidence) {
    int low = HIGHEST;
    int high = 1;
    Set<Integer> ports = new HashSet<>();
    for (Observation o : views) {
      low = Math.min(low, o.observed().port());
      high = Math.max(high, o.observed().port());
      ports.add(o.observed().port());
    }
    int margin = margin(high - low, ports.size());
    return Finding.of(
        new PortAllocation.Random(
            Math.max(Math.min(LOWEST, low), low - margin), Math.min(HIGHEST, high + margin)),
        Math.min(confidence, cap(ports.size())));
  }

  /**
   * How far a range reaches beyond the samples on each side, on average: as far as the samples are
   * apart on average (the "German tank problem" with both ends unknown).
   */
  private static int margin(int range, int samples) {
    return samples < 2 ? 0 : (range + samples - 2) / (samples - 1);
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
    Samples samples = mainOf(close.values());
    if (samples == null || close.size() <= apart) {
      return Finding.unknown();
    }
    Map<Witness, List<Observation>> believed = sequenceOfMost(close, apart);
    Samples all = believed == null ? samples : mainOf(believed.values());
    int support = believed == null ? close.size() : believed.size();
    return all == null
        ? Finding.unknown()
        : sequentialOrBlock(
            all,
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
    PortAllocation.Block aligned = alignedBlock(samples);
    // Any three ports lie in one aligned block of 512 once in 16,000 times; in one of 2048, or just
    // as close, too often.
    boolean sure = aligned != null && (weight > SequenceFit.FEWEST || isSmall(aligned));
    return Finding.of(
        aligned == null ? around(samples) : aligned,
        Math.min(confidence, sure ? cap(weight) : Confidence.GUESS));
  }

  private static boolean isSmall(PortAllocation.Block block) {
    return block.high() - block.low() < SMALLEST_BLOCK;
  }

  /** How many samples of one outer address would tell as much as these, maybe of several. */
  private static int weight(Collection<Observation> views) {
    return 1 + Samples.byAddress(views).values().stream().mapToInt(one -> one.size() - 1).sum();
  }

  /** Null if they do not fit into one. */
  private static PortAllocation.@Nullable Block alignedBlock(Samples samples) {
    for (int size = SMALLEST_BLOCK; size <= WINDOW; size *= 2) {
      int low = samples.low() / size * size;
      if (samples.high() < low + size) {
        return new PortAllocation.Block(Math.max(1, low), low + size - 1);
      }
    }
    return null;
  }

  private static PortAllocation.Block around(Samples samples) {
    int margin = margin(samples.high() - samples.low(), samples.size());
    return new PortAllocation.Block(
        Math.max(1, samples.low() - margin), Math.min(HIGHEST, samples.high() + margin));
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
            if (low(views) >= low && high(views) < low + WINDOW) {
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
    return views.stream().mapToInt(AllocationJudge::low).min().orElse(HIGHEST);
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
      Samples samples = mainOf(left.values());
      if (samples == null) {
        return null;
      }
      if (SequenceFit.of(samples) != null) {
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
      Samples samples = mainOf(others.values());
      if (samples == null || samples.size() < SequenceFit.FEWEST) {
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

  private static @Nullable Samples mainOf(Collection<List<Observation>> views) {
    List<Observation> all = new ArrayList<>();
    views.forEach(all::addAll);
    return all.isEmpty() ? null : Samples.byAddress(all).get(mainAddress(views));
  }

  /** The outer address that most witnesses saw; of several the one with most ports. */
  private static @Nullable InetAddress mainAddress(Collection<List<Observation>> views) {
    Map<InetAddress, Integer> witnesses = new HashMap<>();
    List<Observation> all = new ArrayList<>();
    for (List<Observation> seen : views) {
      seen.stream()
          .map(o -> o.observed().address())
          .distinct()
          .forEach(address -> witnesses.merge(address, 1, Integer::sum));
      all.addAll(seen);
    }
    Map<InetAddress, Samples> samples = Samples.byAddress(all);
    return witnesses.keySet().stream()
        .max(
            Comparator.<InetAddress>comparingInt(a -> witnesses.getOrDefault(a, 0))
                .thenComparingInt(a -> size(samples.get(a)))
                .thenComparing(InetAddress::getAddress, java.util.Arrays::compareUnsigned))
        .orElse(null);
  }

  private static int size(@Nullable Samples samples) {
    return samples == null ? 0 : samples.size();
  }
}
