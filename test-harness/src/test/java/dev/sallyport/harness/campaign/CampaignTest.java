package dev.sallyport.harness.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many calls between every two kinds. */
class CampaignTest {
  private static final List<NatKind> TWO = List.of(NatKind.PORT_RESTRICTED, NatKind.SYMMETRIC);
  private static final NetworkPath PATH = new NetworkPath(Duration.ofMillis(50), 0, 0);

  @Test
  void everyOrderedPair_isPlayedAndCounted() throws Exception {
    List<Cell> cells = campaign(10, 1).play(new SimPlayer(), List.of(), 1, (cell, done, of) -> {});
    assertThat(cells)
        .extracting(cell -> cell.client() + " " + cell.server() + " " + cell.connected())
        .containsExactly(
            "port-restricted port-restricted 10",
            "port-restricted symmetric 10",
            "symmetric port-restricted 10",
            "symmetric symmetric 0");
    assertThat(cells.getFirst().rungs()).containsOnlyKeys("external");
    assertThat(cells.getFirst().medianRtts()).isBetween(3.0, 8.0);
    assertThat(cells.getLast().failures()).containsEntry("no rung got through", 10);
  }

  @Test
  void theSameSeed_givesTheSameCells_andAnotherSeedOthers() throws Exception {
    List<Cell> first = campaign(10, 1).play(new SimPlayer(), List.of(), 1, (cell, done, of) -> {});
    assertThat(campaign(10, 1).play(new SimPlayer(), List.of(), 1, (cell, done, of) -> {}))
        .isEqualTo(first);
    assertThat(campaign(10, 2).play(new SimPlayer(), List.of(), 1, (cell, done, of) -> {}))
        .isNotEqualTo(first);
  }

  @Test
  void theAgeOfItsServices_isTold_andEachCallWaitsForIt() {
    Campaign aged = campaign(3, 1).aged(Duration.ofMinutes(10));
    assertThat(campaign(3, 1).conditions()).isEmpty();
    assertThat(aged.conditions()).isEqualTo("called after 600 s");
    assertThat(aged.scenario(NatKind.SYMMETRIC, NatKind.SYMMETRIC).recordAge())
        .isEqualTo(Duration.ofMinutes(10));
    assertThatThrownBy(() -> aged.aged(Duration.ofDays(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("age");
  }

  @Test
  void thePauseBetweenItsCalls_isTold_andIsNotForever() {
    Campaign slow = campaign(3, 1).aged(Duration.ofMinutes(10)).pausing(Duration.ofMinutes(2));
    assertThat(slow.conditions()).isEqualTo("called after 600 s, 120 s between calls");
    assertThatThrownBy(() -> slow.pausing(Duration.ofDays(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pause");
  }

  @Test
  void everyCallHasASeedOfItsOwn_whateverElseIsPlayed() {
    Set<Long> seeds = new HashSet<>();
    Campaign two = campaign(100, 1);
    for (NatKind client : TWO) {
      for (NatKind server : TWO) {
        seeds.addAll(two.seeds(client, server));
      }
    }
    assertThat(seeds).hasSize(400);
    Campaign one = new Campaign(List.of(NatKind.SYMMETRIC), PATH, true, 100, 1);
    assertThat(one.seeds(NatKind.SYMMETRIC, NatKind.SYMMETRIC))
        .isEqualTo(two.seeds(NatKind.SYMMETRIC, NatKind.SYMMETRIC));
  }

  @Test
  void whatWasDoneBefore_isNotPlayedAgain() throws Exception {
    Counting player = new Counting();
    List<Cell> all = campaign(1, 1).play(player, List.of(), 1, (cell, done, of) -> {});
    assertThat(player.played).hasSize(4);
    player.played.clear();
    List<Cell> before = List.of(all.get(0), all.get(2));
    List<String> told = new ArrayList<>();
    assertThat(
            campaign(1, 1)
                .play(
                    player,
                    before,
                    1,
                    (cell, done, of) -> told.add(cell.client() + " " + done + "/" + of)))
        .isEqualTo(all);
    assertThat(player.played).hasSize(2);
    assertThat(told).containsExactly("port-restricted 3/4", "symmetric 4/4");
  }

  @Test
  void severalPairsAtATime_giveTheSameCells() throws Exception {
    List<Integer> counted = new ArrayList<>();
    List<Cell> many =
        campaign(10, 1).play(new SimPlayer(), List.of(), 4, (cell, done, of) -> counted.add(done));
    assertThat(many)
        .isEqualTo(campaign(10, 1).play(new SimPlayer(), List.of(), 1, (cell, done, of) -> {}));
    assertThat(counted).containsExactly(1, 2, 3, 4);
  }

  @Test
  @Timeout(30)
  void pairsAreReallyPlayedSideBySide() throws Exception {
    CyclicBarrier allFour = new CyclicBarrier(4);
    CellPlayer waiting =
        new Counting() {
          @Override
          public List<Outcome> play(Scenario scenario, List<Long> seeds)
              throws FabricException, InterruptedException {
            try {
              allFour.await();
            } catch (BrokenBarrierException e) {
              throw new AssertionError(e);
            }
            return super.play(scenario, seeds);
          }
        };
    assertThat(campaign(1, 1).play(waiting, List.of(), 4, (cell, done, of) -> {})).hasSize(4);
  }

  @Test
  @Timeout(30)
  void onePairThatCannotBePlayed_endsAll() {
    CellPlayer refusing =
        new Counting() {
          @Override
          public List<Outcome> play(Scenario scenario, List<Long> seeds)
              throws FabricException, InterruptedException {
            if (scenario.client().nat() == NatKind.SYMMETRIC) {
              throw new FabricException("the machine refuses");
            }
            new CountDownLatch(1).await();
            return List.of();
          }
        };
    assertThatThrownBy(() -> campaign(1, 1).play(refusing, List.of(), 4, (cell, done, of) -> {}))
        .isInstanceOf(FabricException.class)
        .hasMessage("the machine refuses");
  }

  @Test
  void aPathWithoutDelay_hasNoRoundTripsToCountIn() {
    NetworkPath none = NetworkPath.ideal();
    assertThatThrownBy(() -> new Campaign(TWO, none, true, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1 ms");
  }

  private static Campaign campaign(int repeat, long seed) {
    return new Campaign(TWO, PATH, true, repeat, seed);
  }

  /** Fails every call and remembers whom it was asked to play. */
  private static class Counting implements CellPlayer {
    private final List<String> played = new CopyOnWriteArrayList<>();

    @Override
    public String fabric() {
      return "counting";
    }

    @Override
    public @Nullable String missing(Scenario scenario) {
      return null;
    }

    @Override
    public List<Outcome> play(Scenario scenario, List<Long> seeds)
        throws FabricException, InterruptedException {
      played.add(scenario.toString());
      return seeds.stream().map(s -> new Outcome("", Double.NaN, "no reason", s)).toList();
    }
  }
}
