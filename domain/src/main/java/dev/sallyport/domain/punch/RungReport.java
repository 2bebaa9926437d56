package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Rung;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one rung tried.
 *
 * @param attempts how many connects were started
 * @param failures how they ended, where they failed
 */
public record RungReport(
    Rung rung, List<Endpoint> remotes, int attempts, Map<DialFailure, Integer> failures) {
  public RungReport {
    remotes = List.copyOf(remotes);
    Map<DialFailure, Integer> inOrder = new EnumMap<>(DialFailure.class);
    inOrder.putAll(failures);
    failures = Collections.unmodifiableMap(inOrder);
  }
}
