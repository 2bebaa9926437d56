package dev.sallyport.app.cli;

import static dev.sallyport.app.cli.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.callreport.CallPage;
import dev.sallyport.app.callreport.CallTrace;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Progress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallReportTest {
  private final CallTrace trace = new CallTrace();

  @Test
  void aCallThatFailed_saysWhy_whatHelps_andWhatBothSidesAreBehind() {
    tell(Samples.NETWORK);
    tell(Samples.FOUND);
    Tactic chance = new Tactic(Tactic.Kind.IMPOSSIBLE, true, true, 7, true);
    CallPage page =
        page(new CallOutcome.Failed(Samples.noRung(Duration.ofMinutes(3), true, chance)));

    assertThat(page.good()).isFalse();
    assertThat(page.verdict())
        .startsWith("Not connected: the service was found")
        .contains("neither side can know where to dial");
    assertThat(page.advice()).anyMatch(line -> line.contains("--advertise"));
    assertThat(fact(page, "this side"))
        .isEqualTo(
            "inside 10.0.1.2:8765; outside 198.18.0.2:8765; NAT: shows one port to everybody, easy"
                + " to get through; keeps port numbers");
    assertThat(fact(page, "the service's side"))
        .startsWith("inside 10.0.2.2:8765; outside 198.18.1.2:8765; NAT: shows each peer another");
    assertThat(fact(page, "strategy")).startsWith("both routers take a new port");
    assertThat(page.rungs())
        .containsExactly(
            new CallPage.Rung(
                "external",
                "198.18.1.2:8765",
                "118",
                "0.31 s",
                "15 s",
                "96 refused, 22 unanswered"),
            new CallPage.Rung(
                "local", "10.0.2.2:8765", "1", "0.56 s", "0.56 s", "under way until the end"));
  }

  @Test
  void aCallThatCameThrough_saysHow() {
    tell(Samples.FOUND);
    tell(Samples.connected(null, 119));
    tell(new Progress.Climbed(Tactic.PLAIN, NatProfile.unknown(), Samples.rungs()));
    CallPage page = page(new CallOutcome.Linked(SocketId.dialed(1)));

    assertThat(page.good()).isTrue();
    assertThat(page.verdict()).isEqualTo("Connected, external, to 198.18.1.2:8765 after 1.24 s.");
    assertThat(page.advice()).isEmpty();
    assertThat(page.rungs().getFirst().outcome())
        .isEqualTo("connected; before that 96 refused, 22 unanswered");
  }

  @Test
  void aCallThatWasGivenUp_hasAReportAsWell() {
    CallPage page = page(new CallOutcome.Abandoned());

    assertThat(page.verdict()).isEqualTo("Given up before it was decided.");
    assertThat(fact(page, "the service's side")).isEqualTo("not found");
    assertThat(page.html()).contains("Nothing was dialled.");
  }

  private void tell(Progress progress) {
    trace.then(new CallEffect.Report(progress), NOW);
  }

  private CallPage page(CallOutcome outcome) {
    trace.then(new CallEffect.Finish(outcome), NOW);
    return CallReport.page(Samples.ID, trace, outcome, NOW);
  }

  private static String fact(CallPage page, String label) {
    return page.facts().stream()
        .filter(fact -> fact.label().equals(label))
        .map(CallPage.Fact::text)
        .findFirst()
        .orElse("");
  }
}
