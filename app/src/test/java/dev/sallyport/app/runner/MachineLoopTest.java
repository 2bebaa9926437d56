package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class MachineLoopTest {

  /** Repeats what it is told; ticks at a deadline that the test sets. */
  private static final class Parrot implements Machine<String, String> {
    private @Nullable Instant deadline;

    @Override
    public List<String> start(Instant now) {
      return List.of("started");
    }

    @Override
    public List<String> on(String event, Instant now) {
      return List.of(event);
    }

    @Override
    public List<String> tick(Instant now) {
      deadline = null;
      return List.of("tick");
    }

    @Override
    public @Nullable Instant deadline() {
      return deadline;
    }
  }

  private final Parrot parrot = new Parrot();
  private final List<String> effects = new ArrayList<>();
  private final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.parse("2026-11-22T12:00:00Z"));
  private final MachineLoop<String, String> loop = new MachineLoop<>(clock::get);

  @Test
  void whatIsOfferedIsDroppedWhenTooMuchWaits_andCounted_whatIsPostedNever() throws Exception {
    for (int i = 0; i < MachineLoop.MAX_OFFERED + 44; i++) {
      loop.offer("offered");
      loop.post("posted");
    }
    loop.post("last");
    assertThat(loop.dropped()).isEqualTo(44);
    runUntil("last");
    assertThat(effects).filteredOn("offered"::equals).hasSize(MachineLoop.MAX_OFFERED);
    assertThat(effects).filteredOn("posted"::equals).hasSize(MachineLoop.MAX_OFFERED + 44);
  }

  @Test
  void whatWasTakenMakesRoom() throws Exception {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < MachineLoop.MAX_OFFERED; i++) {
        loop.offer("offered");
      }
      loop.post("last");
      runUntil("last");
    }
    assertThat(loop.dropped()).isZero();
  }

  @Test
  void eventsComeInTheirOrder() throws Exception {
    loop.post("a");
    loop.offer("b");
    loop.post("c");
    runUntil("c");
    assertThat(effects).containsExactly("started", "a", "b", "c");
  }

  @Test
  void aTickThatIsDueComesBeforeTheEventsThatWait() throws Exception {
    loop.post("a");
    loop.post("b");
    parrot.deadline = clock.get().minusSeconds(1);
    runUntil("b");
    assertThat(effects).containsExactly("started", "tick", "a", "b");
  }

  @Test
  void aDeadlineWakesTheLoop() throws Exception {
    // The loop waits in real time for what the machine's clock says is left.
    parrot.deadline = clock.get().plusMillis(20);
    runUntil("tick");
    assertThat(effects).containsExactly("started", "tick");
  }

  @Test
  void afterTheEnd_whatIsStillUnderWayIsAwaited_butNotForEver() throws Exception {
    loop.post("end");
    loop.post("closed");
    loop.run(
        parrot,
        effects::add,
        () -> effects.contains("end"),
        () -> effects.contains("closed"),
        Duration.ofHours(1));
    assertThat(effects).containsExactly("started", "end", "closed");

    effects.clear();
    loop.post("end");
    loop.run(
        parrot,
        effect -> {
          effects.add(effect);
          clock.updateAndGet(now -> now.plusMillis(50));
        },
        () -> effects.contains("end"),
        () -> false,
        Duration.ofMillis(200));
    assertThat(effects).hasSizeLessThan(10);
  }

  private void runUntil(String last) throws InterruptedException {
    effects.clear();
    loop.run(parrot, effects::add, () -> effects.contains(last), () -> true, Duration.ofSeconds(1));
  }
}
