package dev.sallyport.harness.play;

import dev.sallyport.harness.scenario.Expectation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of one call. A number that was not reported is -1.
 *
 * @param run counted from 1
 * @param caller counted from 1 among those that call at the same time
 * @param echoed whether what was sent came back
 * @param exitCode of {@code connect}; of {@code serve}, if there was no service to call
 * @param rung the rung that got through, by its {@linkplain dev.sallyport.domain.ladder.Rung#word
 *     word}; empty if none did
 * @param remote what the link leads to, as {@code connect} says it; empty if there was none
 * @param connectMillis what {@code connect} says it took
 * @param echoMillis from the start of its process to the echo
 * @param timeline of each kind of event, how long after the start of the process the first one came
 * @param synCrossed whether two SYNs crossed on their way; null on a shared network and below one
 *     carrier, where they do not come through the middle
 * @param clientSyns how many SYNs from the client's site reached the server's, up to the end
 * @param serverSyns the same the other way
 * @param reason why it failed; empty if it did not
 */
public record CallResult(
    int run,
    int caller,
    boolean echoed,
    int exitCode,
    String rung,
    String remote,
    long attempts,
    long connectMillis,
    long echoMillis,
    Map<String, Long> timeline,
    @Nullable Boolean synCrossed,
    int clientSyns,
    int serverSyns,
    String reason) {

  /** A call is a success when it got its echo and then ended well. */
  public boolean succeeded() {
    return echoed && exitCode == 0;
  }

  /** Whether there was a link, and over IPv6. */
  public boolean isOverIpv6() {
    return remote.startsWith("[");
  }

  /** From the first dial to the link; -1 if that was not reported. */
  public long punchMillis() {
    Long dialled = timeline.get(Event.RUNG);
    Long connected = timeline.get(Event.CONNECTED);
    return dialled == null || connected == null ? -1 : connected - dialled;
  }

  /** Whether this is what had to come of it. */
  public boolean meets(Expectation expectation) {
    return switch (expectation) {
      case Expectation.Connects connects ->
          succeeded() && connects.rungs().stream().anyMatch(allowed -> allowed.word().equals(rung));
      case Expectation.FailsWith fails -> exitCode == fails.exitCode();
      case Expectation.Measured measured -> true;
    };
  }

  /** One line for people. */
  public String line() {
    String who = "  run %2d".formatted(run) + (caller == 1 ? "   " : "/%-2d".formatted(caller));
    if (!succeeded()) {
      return who + "  FAILED    " + reason;
    }
    String crossing = Boolean.TRUE.equals(synCrossed) ? ", SYNs crossed" : "";
    return "%s  %-8s  %d attempts, connected in %.2f s, echo after %.2f s%s%s"
        .formatted(
            who,
            rung,
            attempts,
            connectMillis / 1000.0,
            echoMillis / 1000.0,
            isOverIpv6() ? ", over IPv6" : "",
            crossing);
  }

  /** For JSON. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("run", run);
    map.put("caller", caller);
    map.put("succeeded", succeeded());
    map.put("exitCode", exitCode);
    map.put("rung", rung);
    map.put("remote", remote);
    map.put("attempts", attempts);
    map.put("connectMs", connectMillis);
    map.put("echoMs", echoMillis);
    map.put("timelineMs", timeline);
    map.put("synCrossed", synCrossed);
    map.put("syns", Map.of("fromClient", clientSyns, "fromServer", serverSyns));
    map.put("reason", reason);
    return map;
  }

  /** How long after the start the first event of each kind came, in order. */
  static Map<String, Long> timeline(List<Event> events) {
    Map<String, Long> first = new LinkedHashMap<>();
    events.forEach(event -> first.putIfAbsent(event.kind(), event.millis()));
    return first;
  }
}
