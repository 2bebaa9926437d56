package dev.sallyport.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Plan.PlannedDial;
import dev.sallyport.domain.ladder.Plan.PlannedRung;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a plan says of itself. */
class PlanTest {
  private static final Endpoint OUTSIDE = Endpoint.parse("203.0.113.7:8765");
  private static final Endpoint INSIDE = Endpoint.parse("192.168.1.2:8765");
  private static final Endpoint GUESSED = Endpoint.parse("203.0.113.7:9000");
  private static final Plan EXTERNAL = plan(Rung.EXTERNAL, OUTSIDE, OUTSIDE);
  private static final Plan LOCAL = plan(Rung.LOCAL, INSIDE);
  private static final Burst BURST =
      new Burst(0, List.of(GUESSED), Duration.ZERO, 1, 1, Duration.ofSeconds(1), Duration.ZERO);

  @Test
  void twoPlans_areOne_withTheFirstOnesRungsFirst() {
    Plan both = EXTERNAL.and(LOCAL.with(List.of(BURST)));
    assertThat(both.rungs())
        .extracting(PlannedRung::rung)
        .containsExactly(Rung.EXTERNAL, Rung.LOCAL);
    assertThat(both.bursts()).containsExactly(BURST);
    assertThat(both.withoutBursts()).isEqualTo(EXTERNAL.and(LOCAL));
  }

  @Test
  void theyAreOfOneNetwork_ifOneOfThemIs() {
    Plan shared = new Plan(List.of(), List.of(), true);
    assertThat(EXTERNAL.and(LOCAL).sameNetwork()).isFalse();
    assertThat(EXTERNAL.and(shared).sameNetwork()).isTrue();
    assertThat(shared.and(EXTERNAL).sameNetwork()).isTrue();
    assertThat(shared.withoutBursts().sameNetwork()).isTrue();
  }

  @Test
  void aRungsRemotes_areNamedOnce() {
    assertThat(EXTERNAL.and(LOCAL).remotes(Rung.EXTERNAL)).containsExactly(OUTSIDE);
    assertThat(EXTERNAL.and(LOCAL).remotes(Rung.LOCAL)).containsExactly(INSIDE);
    assertThat(EXTERNAL.remotes(Rung.DIRECT)).isEmpty();
  }

  @Test
  void whatIsDialled_isInARungOrInABurst() {
    Plan plan = EXTERNAL.with(List.of(BURST));
    assertThat(plan.dials(OUTSIDE)).isTrue();
    assertThat(plan.dials(GUESSED)).isTrue();
    assertThat(plan.dials(INSIDE)).isFalse();
  }

  @Test
  void plansShareARemote_ifTheOtherDialsItAnyhow() {
    assertThat(EXTERNAL.sharesRemote(plan(Rung.DIRECT, INSIDE, OUTSIDE))).isTrue();
    assertThat(EXTERNAL.sharesRemote(LOCAL)).isFalse();
    assertThat(plan(Rung.DIRECT, GUESSED).sharesRemote(LOCAL.with(List.of(BURST)))).isTrue();
  }

  private static Plan plan(Rung rung, Endpoint... remotes) {
    List<PlannedDial> dials =
        List.of(remotes).stream().map(r -> new PlannedDial(4000, r, Duration.ZERO)).toList();
    return new Plan(List.of(new PlannedRung(rung, Duration.ZERO, dials)), false);
  }
}
