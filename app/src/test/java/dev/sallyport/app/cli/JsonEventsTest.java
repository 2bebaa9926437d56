package dev.sallyport.app.cli;

import static dev.sallyport.app.cli.Samples.CALLER;
import static dev.sallyport.app.cli.Samples.NOW;
import static dev.sallyport.app.cli.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.session.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonEventsTest {
  private final TestConsole console = TestConsole.pipes();
  private final JsonEvents json = new JsonEvents(console.console(), () -> 1234);

  @Test
  void everyKind_isOneObjectALine_withItsKeysInOrder() {
    json.tell(Samples.STARTING);
    json.progress(Samples.JOINED);
    json.progress(Samples.NETWORK);
    json.tell(new Event.Registered(Samples.ID, 8765, 7, 8, "sallyport connect 'x'"));
    json.progress(Samples.FOUND);
    json.progress(new Progress.Knocked(3, 8));
    json.progress(new Progress.KnockReceived(CALLER, List.of()));
    json.progress(
        new Progress.Waiting(
            Progress.Waiting.For.PEER, Duration.ofSeconds(3), Duration.ofSeconds(9)));
    json.progress(new Progress.RungStarted(Rung.LOCAL, List.of(at("10.0.2.2:8765"))));
    json.progress(new Progress.Reached(Rung.LOCAL, at("10.0.1.2:1"), at("10.0.2.2:8765"), 2));
    json.progress(new Progress.Tried(new Tactic(Tactic.Kind.BIRTHDAY, false, true, 4, true), null));
    json.progress(Samples.connected(null, 2));
    json.progress(new Progress.Climbed(Tactic.PLAIN, NatProfile.unknown(), Samples.rungs()));
    json.tell(new Event.Message(CALLER, "hi"));
    json.tell(new Event.Binary(null, new byte[] {1, 2}));
    json.tell(new Event.LinkClosed(null, true, "closed here"));
    json.tell(new Event.Stopped("the service has ended"));
    json.tell(
        new Event.Failed(FailureWords.problem(Samples.noRung(Duration.ofMinutes(3), true), NOW)));

    List<Map<String, @Nullable Object>> events =
        console.out().lines().map(JsonText::object).toList();
    assertThat(events).allSatisfy(e -> assertThat(e).containsEntry("atMs", 1234L));
    assertThat(
            events.stream()
                .map(e -> String.join(" ", e.keySet()).replace("event atMs", e.get("event") + ":")))
        .containsExactly(
            "starting: rendezvous bootstrap",
            "joined: peers tookMs",
            "network: local external mapping allocation",
            "registered: id port accepted asked paste",
            "found: issuedAt sameNetwork candidates",
            "knock: accepted asked",
            "knock: caller candidates",
            "waiting: for elapsedMs remainingMs",
            "rung: rung remotes",
            "attempt: rung local remote attempts",
            "strategy: tactic callerIsHard serviceIsHard sure",
            "connected: rung local remote attempts elapsedMs",
            "climbed: tactic rungs",
            "message: caller text",
            "message: base64",
            "closed: clean why",
            "stopped: why",
            "failed: kind exit message advice lastSeen answered tactic rungs");
    assertThat(events.get(3))
        .containsEntry("id", Samples.ID.toString())
        .containsEntry("port", 8765L);
    assertThat(events.getLast()).containsEntry("kind", "no-rung").containsEntry("exit", 5L);
  }

  @Test
  void anyText_comesBackAsItWas_onOneLine() {
    for (String text :
        List.of(
            "",
            "\"\\/",
            "\n\r\t\b\f\0",
            "grüße \ud83d\ude00",
            "\u2028\u2029\u0085",
            "\ud800 half")) {
      TestConsole own = TestConsole.pipes();
      new JsonEvents(own.console(), () -> 0).tell(new Event.Message(null, text));

      assertThat(own.out()).hasLineCount(1).endsWith("}\n");
      assertThat(JsonText.object(own.out().strip())).containsEntry("text", text);
    }
  }
}
