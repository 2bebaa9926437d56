package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a service keeps its record. */
class ServeRecordTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);

  @Test
  void theRecordSaysWhereWeAre_andWhoeverCallsIsToldTheId() {
    ServeBench bench = new ServeBench().serving();
    assertThat(bench.lastRecord().candidates())
        .containsExactly(
            Cast.candidate("reflexive 198.51.100.9:8765"), Cast.candidate("host 192.168.1.2:8765"));
    assertThat(bench.all().toString()).containsOnlyOnce("Registered");
    bench.on(new ServeEvent.Published(TODAY, 8, 8));
    assertThat(bench.all().toString()).containsOnlyOnce("Registered");
  }

  @Test
  void theRecordIsRenewedWellBeforeItExpires_forAWholeDayAndItsMidnight() {
    ServeBench bench = new ServeBench().serving();
    Instant end = bench.now().plus(Duration.ofHours(26));
    List<LocalDate> watched = new ArrayList<>(List.of(TODAY));
    while (bench.now().isBefore(end)) {
      var step = bench.pass(Duration.ofMinutes(5));
      step.all(ServeEffect.Watch.class).forEach(watch -> watched.add(watch.keys().day()));
      step.all(ServeEffect.Unwatch.class).forEach(unwatch -> watched.remove(unwatch.day()));
      LocalDate today = Cast.day(bench.now());
      assertThat(watched).contains(today).hasSizeLessThanOrEqualTo(2);
      Instant newest =
          bench.all().stream()
              .filter(ServeEffect.Publish.class::isInstance)
              .map(ServeEffect.Publish.class::cast)
              .filter(publish -> publish.keys().day().equals(today))
              .map(publish -> Instant.ofEpochMilli(publish.sequence()))
              .reduce((first, second) -> second)
              .orElseThrow();
      assertThat(Duration.between(newest, bench.now()))
          .as("age of today's record at %s", bench.now())
          .isLessThanOrEqualTo(Duration.ofMinutes(20));
    }
  }

  @Test
  void nearMidnightTomorrowIsServedToo_andYesterdayForAWhile() {
    ServeBench bench = new ServeBench(Instant.parse("2026-11-22T23:29:30Z")).serving();
    var step = bench.pass(Duration.ofMinutes(1));
    assertThat(step.one(ServeEffect.Watch.class).keys().day()).isEqualTo(TODAY.plusDays(1));
    assertThat(step.one(ServeEffect.Watch.class).pace()).isEqualTo(Pace.FAST);
    assertThat(step.all(ServeEffect.Publish.class))
        .extracting(publish -> publish.keys().day())
        .containsExactly(TODAY, TODAY.plusDays(1));
    assertThat(bench.pass(Duration.ofMinutes(58)).all(ServeEffect.Unwatch.class)).isEmpty();
    assertThat(bench.pass(Duration.ofMinutes(2)).one(ServeEffect.Unwatch.class).day())
        .isEqualTo(TODAY);
  }

  @Test
  void everyRecordIsLaterThanTheOneBefore_evenWithinAMillisecond() {
    ServeBench bench = new ServeBench().serving();
    bench.stall(Duration.ofSeconds(2));
    bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:2"));
    bench.pass(Duration.ofHours(1));
    bench.stall(Duration.ofHours(-1)); // a clock that is set back
    bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:3"));
    bench.pass(Duration.ofHours(3));
    assertThat(
            bench.all().stream()
                .filter(ServeEffect.Publish.class::isInstance)
                .map(effect -> ((ServeEffect.Publish) effect).sequence())
                .toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void whatIsLearntOfAnEasyNat_followsInTenSeconds_ofAHardOne_inOne() {
    ServeBench easy = new ServeBench().serving();
    easy.pass(Duration.ofMillis(1500));
    easy.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:8765", "192.0.2.2:3478"));
    assertThat(easy.pass(Duration.ofSeconds(8)).all(ServeEffect.Publish.class)).isEmpty();
    assertThat(easy.pass(Duration.ofSeconds(1)).all(ServeEffect.Publish.class)).hasSize(1);
    assertThat(easy.lastRecord().profile().tcpMapping().is(Behavior.ENDPOINT_INDEPENDENT)).isTrue();
    ServeBench hard = new ServeBench().serving();
    hard.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:8765"));
    hard.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:9999", "192.0.2.2:3478"));
    assertThat(hard.pass(Duration.ofSeconds(1)).all(ServeEffect.Publish.class)).hasSize(1);
  }

  @Test
  void aMoveIsPublishedAtOnce_manyMovesOnceASecond() {
    ServeBench bench = new ServeBench().serving();
    bench.pass(Duration.ofSeconds(2));
    assertThat(bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:1")).text())
        .isEqualTo("Publish");
    int published = 0;
    for (int i = 0; i < 100; i++) {
      bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:" + (100 + i)));
      published += bench.pass(Duration.ofMillis(50)).all(ServeEffect.Publish.class).size();
    }
    assertThat(published).isBetween(4, 5);
    bench.pass(Duration.ofSeconds(1));
    assertThat(bench.lastRecord().candidates())
        .contains(Cast.candidate("reflexive 198.51.100.9:199"));
  }

  @Test
  void aRecordThatCouldNotBeLeft_isLeftAnewAfter2s_butNotForAnOldOnesSake() {
    ServeBench bench = new ServeBench().serving();
    bench.pass(Duration.ofSeconds(10));
    long sequence = bench.lastPublish().sequence();
    bench.on(new ServeEvent.PublishFailed(TODAY, sequence - 1, Reason.REJECTED, "newer is there"));
    assertThat(bench.pass(Duration.ofSeconds(3)).text()).isEmpty();
    bench.on(new ServeEvent.PublishFailed(TODAY, sequence, Reason.UNREACHABLE, "nobody"));
    assertThat(bench.pass(Duration.ofSeconds(2)).text()).isEqualTo("Publish");
  }

  @Test
  void whatIsLearntOfOurNatMeanwhile_doesNotPutItOff() {
    ServeBench bench = new ServeBench().serving();
    bench.on(
        new ServeEvent.PublishFailed(
            TODAY, bench.lastPublish().sequence(), Reason.UNREACHABLE, "nobody"));
    bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:8765", "203.0.113.1:3478"));
    assertThat(bench.pass(Duration.ofSeconds(2)).text()).startsWith("Publish");
    assertThat(bench.lastRecord().profile().tcpMapping().isKnown()).isTrue();
  }

  @Test
  void theFirstRecordIsTriedFor12s_thenTheServiceEnds() {
    ServeBench bench = new ServeBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(new DiscoveryEvent.Surveyed());
    while (bench.elapsed().compareTo(Duration.ofSeconds(11)) < 0) {
      bench.on(
          new ServeEvent.PublishFailed(
              TODAY, bench.lastPublish().sequence(), Reason.UNREACHABLE, "tried a and b"));
      assertThat(bench.pass(Duration.ofSeconds(2)).text()).startsWith("Publish");
    }
    assertThat(bench.failure())
        .isEqualTo(Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, "tried a and b"));
  }

  @Test
  void publishingThatFailsFirstAndWorksLater_keepsTheServiceUp() {
    ServeBench bench = new ServeBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(new DiscoveryEvent.Surveyed());
    bench.on(
        new ServeEvent.PublishFailed(
            TODAY, bench.lastPublish().sequence(), Reason.UNREACHABLE, "nobody"));
    bench.pass(Duration.ofSeconds(3));
    bench.on(new ServeEvent.Published(TODAY, 3, 8));
    bench.pass(Duration.ofHours(3));
    assertThat(bench.isOver()).isFalse();
  }

  @Test
  void onceRegistered_neitherAFailedJoinNorAFailedPublishEndsTheService() {
    ServeBench bench = new ServeBench().serving();
    bench.on(new DiscoveryEvent.JoinFailed("nobody"));
    for (int i = 0; i < 100; i++) {
      bench.on(
          new ServeEvent.PublishFailed(
              TODAY, bench.lastPublish().sequence(), Reason.UNREACHABLE, "nobody"));
      bench.pass(Duration.ofSeconds(2));
    }
    assertThat(bench.isOver()).isFalse();
  }

  @Test
  void withoutAnyNetwork_theServiceSaysSo_whateverIsKnownFirst() {
    ServeBench bench = new ServeBench();
    bench.start();
    assertThat(bench.on(new DiscoveryEvent.JoinFailed("unreachable")).text()).isEmpty();
    bench.on(Cast.listed());
    assertThat(bench.failure()).extracting(Failure::kind).isEqualTo(Failure.Kind.LOCAL_PROBLEM);
  }

  @Test
  void mailboxesAreWatchedFastFor2MinutesAfterTheStartAndAfterEachKnock() {
    ServeBench bench = new ServeBench().serving();
    assertThat(bench.pass(Duration.ofSeconds(119)).all(ServeEffect.SetPace.class)).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(1)).one(ServeEffect.SetPace.class).pace())
        .isEqualTo(Pace.STEADY);
    var knock = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    assertThat(knock.one(ServeEffect.SetPace.class).pace()).isEqualTo(Pace.FAST);
    bench.pass(Duration.ofSeconds(60));
    var second = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4001"));
    assertThat(second.all(ServeEffect.SetPace.class)).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(119)).all(ServeEffect.SetPace.class)).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(1)).all(ServeEffect.SetPace.class)).hasSize(1);
  }
}
