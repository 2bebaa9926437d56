package dev.sallyport.harness.play;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.sallyport.harness.linux.WireReport;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of an experiment.
 *
 * @param logs where its logs are kept, or null if they are not
 */
public record Summary(
    String fabric,
    Scenario scenario,
    List<CallResult> results,
    WireReport wire,
    @Nullable Path logs) {

  public Summary {
    results = List.copyOf(results);
  }

  /** Whether there were calls, and all of them succeeded. */
  public boolean allSucceeded() {
    return !results.isEmpty() && succeeded() == results.size();
  }

  /** The results that are not what the scenario expects. */
  public List<CallResult> surprises() {
    return results.stream().filter(r -> !r.meets(scenario.expectation())).toList();
  }

  /** How many calls succeeded. */
  public int succeeded() {
    return (int) results.stream().filter(CallResult::succeeded).count();
  }

  /** How many successes had a link over IPv6. */
  public int overIpv6() {
    return (int) results.stream().filter(r -> r.succeeded() && r.isOverIpv6()).count();
  }

  /** How many successes each rung had. */
  public Map<String, Long> rungs() {
    return results.stream()
        .filter(CallResult::succeeded)
        .collect(Collectors.groupingBy(CallResult::rung, TreeMap::new, Collectors.counting()));
  }

  /**
   * The time from a client's start to its echo that this share of the successes did not exceed, in
   * milliseconds (nearest rank); -1 without a success.
   *
   * @param share above 0, at most 1; 0.5 is the median
   */
  public long echoMillis(double share) {
    List<Long> sorted =
        results.stream()
            .filter(CallResult::succeeded)
            .map(CallResult::echoMillis)
            .sorted()
            .toList();
    int rank = (int) Math.ceil(share * sorted.size());
    return sorted.isEmpty() ? -1 : sorted.get(Math.max(0, rank - 1));
  }

  /** For people, some lines. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("%d of %d got their echo".formatted(succeeded(), results.size()));
    if (succeeded() > 0) {
      text.append(
          ", after %.2f s (median), %.2f s (p95)"
              .formatted(echoMillis(0.5) / 1000.0, echoMillis(0.95) / 1000.0));
      text.append("; rungs: ").append(rungs().toString().replaceAll("[{}]", ""));
      text.append(scenario.hasIpv6() ? "; over IPv6: " + overIpv6() : "");
    }
    if (logs != null) {
      text.append(System.lineSeparator()).append("The logs of both sides are in ").append(logs);
    }
    return text.toString();
  }

  /** For machines, one line. */
  public String json() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("fabric", fabric);
    map.put("scenario", scenario.toString());
    map.put("client", scenario.client().nat().word());
    map.put("server", scenario.server().nat().word());
    map.put("clientCarrier", scenario.client().carrier().map(NatKind::word).orElse(null));
    map.put("serverCarrier", scenario.server().carrier().map(NatKind::word).orElse(null));
    map.put("clientIpv6", scenario.client().ipv6().word());
    map.put("serverIpv6", scenario.server().ipv6().word());
    map.put("delayMs", scenario.path().oneWayDelay().toMillis());
    map.put("lossPercent", scenario.path().lossPercent());
    map.put("jitterMs", scenario.path().jitter().toMillis());
    map.put("reorderPercent", scenario.path().reorderPercent());
    map.put("seed", scenario.path().seed());
    map.put("calls", results.size());
    map.put("succeeded", succeeded());
    map.put("overIpv6", overIpv6());
    map.put("rungs", rungs());
    map.put("medianMs", echoMillis(0.5));
    map.put("p95Ms", echoMillis(0.95));
    map.put("results", results.stream().map(CallResult::toMap).toList());
    map.put("wire", wireMap());
    map.put("logs", logs == null ? null : logs.toString());
    try {
      return JSON.std.asString(map);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Object> wireMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("carried", wire.carried());
    map.put("lost", wire.lost());
    map.put("overflowed", wire.overflowed());
    map.put("meanLatenessMicros", wire.meanLatenessMicros());
    map.put("maxLatenessMicros", wire.maxLatenessMicros());
    return map;
  }
}
