package dev.sallyport.domain.nat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long our NATs keep a mapping over which nothing goes (RFC 4787 section 4.3, RFC 5382 section
 * 5), as far as it was tried.
 *
 * <p>One mapping that was kept shows how long it may last; one that was not may be due to lost
 * packets or to a liar, so it counts only if none was kept for as long.
 *
 * @param kept the longest time after which one was still there; zero if none was
 * @param lost the shortest time, longer than that, after which one was not; null if there is none
 */
public record MappingLifetime(Duration kept, @Nullable Duration lost) {
  public MappingLifetime {
    if (kept.isNegative() || (lost != null && lost.compareTo(kept) <= 0)) {
      throw new IllegalArgumentException("kept for " + kept + " and lost after " + lost);
    }
    if (kept.isZero() && lost == null) {
      throw new IllegalArgumentException("a lifetime of which nothing is known");
    }
  }

  /** What these tell; null if none of them is about it. */
  public static @Nullable MappingLifetime of(List<QuietProbe> all, Transport transport) {
    List<QuietProbe> probes = all.stream().filter(probe -> probe.transport() == transport).toList();
    if (probes.isEmpty()) {
      return null;
    }
    Duration kept =
        probes.stream()
            .filter(QuietProbe::kept)
            .map(QuietProbe::quiet)
            .reduce(Duration.ZERO, (a, b) -> a.compareTo(b) < 0 ? b : a);
    Duration lost =
        probes.stream()
            .map(QuietProbe::quiet)
            .filter(quiet -> quiet.compareTo(kept) > 0)
            .min(Duration::compareTo)
            .orElse(null);
    return new MappingLifetime(kept, lost);
  }
}
