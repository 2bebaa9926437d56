package dev.sallyport.domain.punch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.rendezvous.Strategy;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What keeps a program that anybody can knock at from being a cannon. */
class BurstGuardTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final InetAddress VICTIM = address("198.51.100.1");
  private static final InetAddress OTHER = address("198.51.100.2");

  private final BurstGuard guard = new BurstGuard();

  @Test
  void oneBirthdayAtATime_andTheNextWhenItIsOver() {
    assertThat(guard.ask("a", List.of(VICTIM), START)).isNull();
    BurstGuard.Wait wait = guard.ask("b", List.of(OTHER), START.plusSeconds(1));
    assertThat(wait).isEqualTo(new BurstGuard.Wait(Duration.ofSeconds(19), true));
    guard.done("b");
    assertThat(guard.ask("b", List.of(OTHER), START.plusSeconds(1)))
        .as("who has no leave cannot end another's")
        .isNotNull();
    guard.done("a");
    assertThat(guard.ask("b", List.of(OTHER), START.plusSeconds(2))).isNull();
  }

  @Test
  void whoHasLeave_mayAskAgain() {
    assertThat(guard.ask("a", List.of(VICTIM), START)).isNull();
    assertThat(guard.ask("a", List.of(VICTIM, OTHER), START.plusSeconds(5))).isNull();
  }

  @Test
  void aHolderThatIsGone_doesNotBlockOthersForEver() {
    assertThat(guard.ask("a", List.of(VICTIM), START)).isNull();
    assertThat(guard.ask("b", List.of(OTHER), START.plusSeconds(19))).isNotNull();
    assertThat(guard.ask("b", List.of(OTHER), START.plusSeconds(20))).isNull();
  }

  @Test
  void oneAddress_getsSoManySynsInTwentySeconds_whoeverAsks() {
    int left = 0;
    for (int i = 0; i < 10_000; i++) {
      left += guard.dial(VICTIM, 1, START.plusMillis(i)) ? 1 : 0;
    }
    assertThat(left).isEqualTo(Strategy.MAX_SYNS);
    assertThat(guard.dial(OTHER, 1, START)).as("another address").isTrue();
    assertThat(guard.ask("a", List.of(OTHER, VICTIM), START.plusSeconds(12)))
        .isEqualTo(new BurstGuard.Wait(Duration.ofSeconds(8), false));
    assertThat(guard.ask("a", List.of(VICTIM), START.plusSeconds(20))).isNull();
    assertThat(guard.dial(VICTIM, 4, START.plusSeconds(20))).isTrue();
  }

  @Test
  void aBirthdayThatMayWellFailForWantOfSyns_isNotBegun() {
    assertThat(guard.dial(VICTIM, Strategy.MAX_SYNS / 2, START)).isTrue();
    assertThat(guard.ask("a", List.of(VICTIM), START.plusSeconds(1))).isNull();
    guard.done("a");
    assertThat(guard.dial(VICTIM, 1, START.plusSeconds(1))).isTrue();
    assertThat(guard.ask("b", List.of(VICTIM), START.plusSeconds(1)))
        .isEqualTo(new BurstGuard.Wait(Duration.ofSeconds(19), false));
    assertThat(guard.ask("a", List.of(VICTIM), START.plusSeconds(1)))
        .as("one that goes on")
        .isNull();
  }

  @Test
  void whatIsRemembered_hasALimit_andTheOldestIsForgottenFirst() {
    for (int i = 0; i < 1024; i++) {
      assertThat(guard.dial(address("203.0." + i / 256 + "." + i % 256), 2048, START)).isTrue();
    }
    assertThat(guard.dial(address("203.0.0.0"), 1, START)).isFalse();
    assertThat(guard.dial(VICTIM, 2048, START)).isTrue();
    assertThat(guard.dial(address("203.0.0.1"), 1, START)).as("not the oldest").isFalse();
    assertThat(guard.dial(address("203.0.0.0"), 1, START)).as("forgotten").isTrue();
  }

  @Test
  void aDialThatWouldBeTooMuch_doesNotLeave() {
    assertThat(guard.dial(VICTIM, Strategy.MAX_SYNS - 3, START)).isTrue();
    assertThat(guard.dial(VICTIM, 4, START)).isFalse();
    assertThat(guard.dial(VICTIM, 3, START)).isTrue();
  }

  @Test
  void whatDidNotLeave_isGivenBack() {
    assertThat(guard.dial(VICTIM, Strategy.MAX_SYNS, START)).isTrue();
    guard.giveBack(VICTIM, 600);
    guard.giveBack(OTHER, 600);
    assertThat(guard.dial(VICTIM, 601, START)).isFalse();
    assertThat(guard.dial(VICTIM, 600, START)).isTrue();
  }

  @Test
  void itRemembersABoundedNumberOfAddresses_theLatest() {
    for (int i = 0; i < 5000; i++) {
      assertThat(guard.dial(address("10." + i / 250 + ".0." + (1 + i % 250)), 2048, START))
          .isTrue();
    }
    assertThat(guard.dial(address("10.19.0.250"), 1, START)).as("the last one").isFalse();
    assertThat(guard.dial(address("10.0.0.1"), 1, START)).as("the first one").isTrue();
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(Endpoint.parse(text + ":1")).address();
  }
}
