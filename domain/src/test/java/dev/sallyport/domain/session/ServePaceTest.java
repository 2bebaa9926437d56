package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * How often a service has its mailbox looked at: fast for two minutes after the start and after
 * each knock that it follows. Who only writes into the mailbox must not have it work harder.
 */
class ServePaceTest {
  private static final Duration FAST_LOOKS = Duration.ofMinutes(2);

  @Test
  void twoMinutesAfterTheStart_theServiceLooksSteadily_onceToldIsEnough() {
    ServeBench bench = new ServeBench().serving();
    assertThat(paces(bench.pass(FAST_LOOKS.minusMillis(1)))).isEmpty();
    assertThat(paces(bench.pass(Duration.ofMillis(1)))).containsExactly(Pace.STEADY);
    assertThat(paces(bench.pass(Duration.ofMinutes(30)))).isEmpty();
  }

  @Test
  void aKnockThatIsFollowed_speedsTheLooksUp_forTwoMinutes() {
    ServeBench bench = steady();
    var step = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    assertThat(paces(step)).containsExactly(Pace.FAST);
    bench.pass(Duration.ofMinutes(1));
    var another = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4001"));
    assertThat(paces(another)).as("they are fast already").isEmpty();
    assertThat(paces(bench.pass(FAST_LOOKS.minusMillis(1)))).isEmpty();
    assertThat(paces(bench.pass(Duration.ofMillis(1)))).containsExactly(Pace.STEADY);
  }

  @Test
  void garbage_doesNotSpeedTheLooksUp() {
    ServeBench bench = steady();
    var step = bench.on(new ServeEvent.KnockArrived(SealedItem.of(new byte[200])));
    assertThat(step.text()).isEmpty();
  }

  @Test
  void aCallerWhoIsNotOnTheList_doesNotSpeedTheLooksUp() {
    ServeBench bench = steady();
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of())));
    var step = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    assertThat(step.text()).isEqualTo("Reply");
  }

  @Test
  void aReplay_doesNotKeepTheLooksFast_whetherItsCallIsUnderWayOrOver() {
    ServeBench bench = steady();
    ServeEvent.KnockArrived knock = bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000");
    bench.on(knock);
    bench.pass(Duration.ofSeconds(10));
    bench.on(knock);
    bench.pass(Duration.ofSeconds(50));
    bench.on(knock);
    assertThat(paces(bench.pass(Duration.ofMinutes(1)))).containsExactly(Pace.STEADY);
  }

  @Test
  void aKnockThatIsPutOff_doesNotKeepTheLooksFast() {
    ServeBench bench = steady();
    for (int i = 0; i < 64; i++) {
      bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:" + (4000 + i)));
    }
    bench.pass(Duration.ofSeconds(10));
    var step = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.8:4000"));
    assertThat(step.text()).as("busy").isEqualTo("Reply");
    assertThat(paces(bench.pass(Duration.ofSeconds(110)))).containsExactly(Pace.STEADY);
  }

  private static ServeBench steady() {
    ServeBench bench = new ServeBench().serving();
    bench.pass(FAST_LOOKS);
    return bench;
  }

  private static List<Pace> paces(Bench<ServeEvent, ServeEffect>.Step step) {
    return step.all(ServeEffect.SetPace.class).stream().map(ServeEffect.SetPace::pace).toList();
  }
}
