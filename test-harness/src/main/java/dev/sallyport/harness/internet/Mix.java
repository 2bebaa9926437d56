package dev.sallyport.harness.internet;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What somebody measured of the hosts of the Internet: which part of them stands where, how far
 * they are from each other, and how sure that is. Immutable.
 *
 * @param name what to ask for it by
 * @param title what it is, in one line
 * @param measured the year of the measurement
 * @param sources who measured, one line each; at least one
 * @param judgements what is no measurement in it, one sentence each
 * @param sample how many hosts or routers were counted, all of them; then the hosts' weights have
 *     no ranges of their own
 * @param sampleWords what was counted, for people; empty without a sample
 * @param hosts who there is; the shares add up to 1
 * @param roundTrips how long a packet takes to the other host and back; the shares add up to 1
 */
public record Mix(
    String name,
    String title,
    int measured,
    List<String> sources,
    List<String> judgements,
    OptionalLong sample,
    String sampleWords,
    List<Part<Host>> hosts,
    List<Part<Duration>> roundTrips) {
  private static final double TOLERANCE = 1e-9;

  /** One of the things there are, and its share. */
  public record Part<T>(T what, Weight weight) {}

  public Mix {
    sources = List.copyOf(sources);
    judgements = List.copyOf(judgements);
    hosts = List.copyOf(hosts);
    roundTrips = List.copyOf(roundTrips);
    if (sources.isEmpty()) {
      throw new IllegalArgumentException("a mix without a source is a guess");
    }
    if (Math.abs(sum(hosts) - 1) > TOLERANCE || Math.abs(sum(roundTrips) - 1) > TOLERANCE) {
      throw new IllegalArgumentException("the shares do not add up to 1");
    }
  }

  /** The same with all hosts this far from each other. */
  public Mix at(Duration roundTrip) {
    return new Mix(
        name,
        title,
        measured,
        sources,
        judgements,
        sample,
        sampleWords,
        hosts,
        List.of(new Part<>(roundTrip, Weight.of(1))));
  }

  private static <T> double sum(List<Part<T>> parts) {
    return parts.stream().mapToDouble(part -> part.weight().share()).sum();
  }
}
