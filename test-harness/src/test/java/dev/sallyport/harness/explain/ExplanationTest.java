package dev.sallyport.harness.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What people are told about a pair of NATs. */
class ExplanationTest {
  @Test
  void aPairThatMeets_isToldFromTheFirstSynToTheLink() {
    Explanation told = explain(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED);
    assertThat(told.sentences().getFirst())
        .matches("Connected by external after .* round trips\\.");
    assertThat(told.sentences())
        .contains("From outside the service is seen as 198.18.20.2:8765.")
        .anySatisfy(
            s ->
                assertThat(s)
                    .contains("the service's NAT ")
                    .contains("drops it: its owner never sent there"));
    assertThat(told.steps().getFirst()).contains("client", "→ client NAT", "SYN 40001 → 8765");
    assertThat(told.steps())
        .anySatisfy(step -> assertThat(step).contains("SYN+ACK"))
        .anySatisfy(step -> assertThat(step).contains("server", "connected: external"));
    assertThat(told.steps().getLast()).contains("client", "connected: external");
  }

  @Test
  void aSymmetricNat_isSaidToSendFromPortsThatNobodyDials() {
    Explanation told = explain(NatKind.SYMMETRIC, NatKind.SYMMETRIC);
    assertThat(told.result().connected()).isFalse();
    assertThat(told.sentences())
        .anySatisfy(
            s ->
                assertThat(s)
                    .startsWith("The service dials 198.18.10.2:")
                    .contains("the caller's SYNs leave from other ports"));
    assertThat(told.steps().getLast()).contains("in the end: no rung got through");
  }

  @Test
  void resets_areTold() {
    Explanation told = explain(NatKind.FULL_CONE, NatKind.PORT_RESTRICTED_RST);
    assertThat(told.steps())
        .anySatisfy(step -> assertThat(step).contains("answers with a reset: not asked for"));
  }

  @Test
  void dialsToPrivateAddressesElsewhere_areLeftOut() {
    for (NatKind kind : List.of(NatKind.PORT_RESTRICTED, NatKind.SYMMETRIC)) {
      assertThat(explain(kind, kind).steps()).noneMatch(step -> step.contains("ICMP"));
    }
  }

  @Test
  void neighbours_areSeenToMeetWithoutTheirRouter() {
    Explanation told =
        Explanation.of(
            Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
                .laidOut(Layout.SHARED)
                .delayMillis(50));
    assertThat(told.steps().getFirst()).contains("client", "→ server", "SYN");
    assertThat(told.ladder().lanes()).containsExactly("client", "client NAT", "server");
  }

  @Test
  void carriers_haveLanesOfTheirOwn_andOneThatBothShareHasOne() {
    Site home = Site.behind(NatKind.PORT_RESTRICTED).below(NatKind.RFC5382);
    Scenario apart =
        Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
            .client(home)
            .server(home)
            .delayMillis(50);
    assertThat(Explanation.of(apart).ladder().lanes())
        .containsExactly(
            "client", "client NAT", "client carrier", "server carrier", "server NAT", "server");
    assertThat(Explanation.of(apart.laidOut(Layout.SAME_CARRIER)).ladder().lanes())
        .containsExactly("client", "client NAT", "server carrier", "server NAT", "server");
  }

  @Test
  void everyPair_canBeExplained() {
    for (NatKind client : NatKind.values()) {
      for (NatKind server : NatKind.values()) {
        Explanation told = explain(client, server);
        assertThat(told.lines()).as("%s calls %s", client, server).hasSizeGreaterThan(8);
        assertThat(told.ladder().svg()).as("%s calls %s", client, server).startsWith("<svg");
      }
    }
  }

  private static Explanation explain(NatKind client, NatKind server) {
    return Explanation.of(Scenario.between(client, server).delayMillis(50));
  }
}
