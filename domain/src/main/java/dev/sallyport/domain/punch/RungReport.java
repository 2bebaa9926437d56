package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one rung tried.
 *
 * @param attempts how many connects were started
 * @param failures how they ended, where they failed
 * @param first when its first connect left, since the call began; zero if there was none
 * @param last when one of them last left or ended
 */
public record RungReport(
    Rung rung,
    List<Endpoint> remotes,
    int attempts,
    Map<DialFailure, Integer> failures,
    Duration first,
    Duration last) {
  public RungReport {
    if (first.isNegative() || last.compareTo(first) < 0) {
      throw new IllegalArgumentException("a rung that ends before it begins");
    }
    remotes = List.copyOf(remotes);
    Map<DialFailure, Integer> inOrder = new EnumMap<>(DialFailure.class);
    inOrder.putAll(failures);
    failures = Collections.unmodifiableMap(inOrder);
  }
}
