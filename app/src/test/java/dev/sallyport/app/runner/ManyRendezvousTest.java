package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.Rendezvous.Lookup;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ManyRendezvousTest {
  private static final Sealer SEALER = new JdkSealer();
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant SOON = NOW.plusSeconds(60);
  private static final SealedItem HELLO = item("hello");
  private static final SealedItem BYE = item("bye");

  private final ManualTimer timer = new ManualTimer();
  private final MemRendezvous.Network one = new MemRendezvous.Network(() -> NOW);
  private final MemRendezvous.Network two = new MemRendezvous.Network(() -> NOW);
  private final Slot slot = slot(1);
  private final List<SealedItem> got = new CopyOnWriteArrayList<>();

  @ParameterizedTest(autoCloseArguments = false)
  @EnumSource
  void aDeadMember_keepsNothingFromTheOthers(DeadRendezvous dead) {
    Rendezvous many = many(dead, new MemRendezvous(one));

    assertThat(many.join()).isCompletedWithValueMatching(p -> p.peers() == 1);
    assertThat(many.publish(slot, HELLO, 1)).isCompletedWithValue(new Delivery(1, 1));
    CompletionStage<Lookup> looked = many.lookup(slot.topic(), got::add);
    timer.pass(ManyRendezvous.GRACE);
    assertThat(looked).isCompletedWithValue(new Lookup(1, 1));
    assertThat(got).containsExactly(HELLO);

    Slot mailbox = slot(2);
    assertThat(many.knock(mailbox, BYE, SOON)).isCompletedWithValue(new Delivery(1, 1));
    try (Watch watch = many.watch(mailbox, Pace.STEADY, got::add)) {
      watch.pace(Pace.FAST);
      assertThat(many.reply(mailbox, HELLO, SOON)).isCompletedWithValue(new Delivery(1, 1));
      assertThat(got).containsExactly(HELLO, BYE, HELLO);
    }
    assertThat(many.knock(mailbox, item("late"), SOON)).isCompleted();
    assertThat(got).hasSize(3);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @EnumSource
  void close_closesTheLiving_whateverTheDeadDo(DeadRendezvous dead) {
    MemRendezvous first = new MemRendezvous(one);
    MemRendezvous last = new MemRendezvous(two);
    Rendezvous many = many(first, dead, last);
    Slot mailbox = slot(2);
    Watch watch = many.watch(mailbox, Pace.STEADY, got::add);

    many.close();
    many.close();

    assertThat(reasonOf(first.join())).isEqualTo(Reason.CLOSED);
    assertThat(reasonOf(last.join())).isEqualTo(Reason.CLOSED);
    assertThat(reasonOf(many.join())).isEqualTo(Reason.CLOSED);
    assertThat(reasonOf(many.publish(slot, HELLO, 1))).isEqualTo(Reason.CLOSED);
    assertThatThrownBy(() -> many.watch(mailbox, Pace.STEADY, got::add))
        .isInstanceOf(RendezvousException.class);
    assertThat(new MemRendezvous(one).knock(mailbox, HELLO, SOON)).isCompleted();
    assertThat(got).isEmpty();
    watch.close();
  }

  @Test
  void whatIsPending_failsWhenItIsClosed() {
    Rendezvous many = many(DeadRendezvous.SILENT, DeadRendezvous.SILENT);
    CompletionStage<?> joined = many.join();
    CompletionStage<?> published = many.publish(slot, HELLO, 1);
    CompletionStage<?> looked = many.lookup(slot.topic(), got::add);

    many.close();

    assertThat(reasonOf(joined)).isEqualTo(Reason.CLOSED);
    assertThat(reasonOf(published)).isEqualTo(Reason.CLOSED);
    assertThat(reasonOf(looked)).isEqualTo(Reason.CLOSED);
  }

  @Test
  void allDead_everythingFails_andNamesEach() {
    Rendezvous many = many(DeadRendezvous.FAILING, DeadRendezvous.THROWING, DeadRendezvous.NULL);

    assertThat(reasonOf(many.join())).isEqualTo(Reason.UNREACHABLE);
    assertThat(failureOf(many.join()))
        .hasMessage(
            "m0 failed: nobody at 192.0.2.1; m1 failed: out of order;"
                + " m2 failed: it returned nothing");
    assertThat(failureOf(many.publish(slot, HELLO, 1))).hasMessageContaining("192.0.2.1");
    assertThat(failureOf(many.lookup(slot.topic(), got::add))).hasMessageContaining("m1 failed");
    assertThat(failureOf(many.knock(slot, HELLO, SOON))).hasMessageContaining("m2 failed");
  }

  @Test
  void oneFailsAndOneIsSilent_itEndsAfterAWhile_soThatItCanBeTriedAgain() {
    Rendezvous many = many(DeadRendezvous.FAILING, DeadRendezvous.SILENT);
    CompletionStage<?> joined = many.join();
    CompletionStage<?> knocked = many.knock(slot, HELLO, SOON);
    CompletionStage<?> looked = many.lookup(slot.topic(), got::add);
    assertThat(List.of(joined, knocked, looked)).noneMatch(s -> s.toCompletableFuture().isDone());

    timer.pass(ManyRendezvous.PATIENCE);

    assertThat(failureOf(joined)).hasMessageContaining("m1 has not answered yet");
    assertThat(reasonOf(knocked)).isEqualTo(Reason.UNREACHABLE);
    assertThat(failureOf(looked)).hasMessageContaining("192.0.2.1");
  }

  @Test
  void whatIsWritten_goesToAll_andIsCounted() {
    Rendezvous many = many(new MemRendezvous(one), new MemRendezvous(two));
    Slot mailbox = slot(2);

    assertThat(many.publish(slot, HELLO, 1)).isCompletedWithValue(new Delivery(2, 2));
    assertThat(many.knock(mailbox, BYE, SOON)).isCompletedWithValue(new Delivery(2, 2));

    for (MemRendezvous.Network network : List.of(one, two)) {
      List<SealedItem> there = new ArrayList<>();
      MemRendezvous member = new MemRendezvous(network);
      assertThat(member.lookup(slot.topic(), there::add)).isCompleted();
      member.watch(mailbox, Pace.STEADY, there::add).close();
      assertThat(there).containsExactly(HELLO, BYE);
    }
  }

  @Test
  void aMemberThatFailed_getsTheNextPublication() {
    MemRendezvous slow = new MemRendezvous(two);
    SwitchedRendezvous switched = new SwitchedRendezvous(slow);
    Rendezvous many = many(new MemRendezvous(one), switched);
    assertThat(many.publish(slot, HELLO, 1)).isCompletedWithValue(new Delivery(1, 1));

    switched.switchOn();

    assertThat(many.publish(slot, BYE, 2)).isCompletedWithValue(new Delivery(2, 2));
    assertThat(slow.lookup(slot.topic(), got::add)).isCompleted();
    assertThat(got).containsExactly(BYE);
  }

  @Test
  void lookup_givesEachDistinctItemOnce() {
    new MemRendezvous(one).publish(slot, HELLO, 1).toCompletableFuture().join();
    new MemRendezvous(two).publish(slot, HELLO, 1).toCompletableFuture().join();
    MemRendezvous.Network three = new MemRendezvous.Network(() -> NOW);
    new MemRendezvous(three).publish(slot, BYE, 2).toCompletableFuture().join();

    assertThat(
            many(new MemRendezvous(one), new MemRendezvous(two), new MemRendezvous(three))
                .lookup(slot.topic(), got::add))
        .isCompletedWithValue(new Lookup(3, 3));
    assertThat(got).containsExactly(HELLO, BYE);
  }

  @Test
  void lookup_waitsLongerWhileNothingIsFound_andASlowMembersItemsStillArrive() {
    SlowRendezvous slow = new SlowRendezvous();
    Rendezvous many = many(new MemRendezvous(one), slow);
    CompletionStage<Lookup> looked = many.lookup(slot.topic(), got::add);

    timer.pass(ManyRendezvous.GRACE);
    assertThat(looked.toCompletableFuture()).isNotDone();
    timer.pass(ManyRendezvous.MORE_GRACE);
    assertThat(looked).isCompletedWithValue(new Lookup(1, 1));
    slow.deliver(HELLO);
    assertThat(got).containsExactly(HELLO);

    CompletionStage<Lookup> again = many.lookup(slot.topic(), got::add);
    slow.deliver(BYE);
    timer.pass(ManyRendezvous.GRACE);
    assertThat(again).isCompleted();
    assertThat(got).containsExactly(HELLO, BYE);
  }

  @Test
  void watch_seesAllMailboxes_eachItemOnce_andForwardsItsPace() {
    SlowRendezvous slow = new SlowRendezvous();
    Rendezvous many = many(new MemRendezvous(one), slow, new MemRendezvous(two));

    Watch watch = many.watch(slot, Pace.FAST, got::add);
    many.knock(slot, HELLO, SOON).toCompletableFuture().join();
    slow.deliver(HELLO);
    slow.deliver(BYE);
    watch.pace(Pace.STEADY);
    assertThat(got).containsExactly(HELLO, BYE);
    assertThat(slow.paces()).containsExactly(Pace.FAST, Pace.STEADY);

    watch.close();
    slow.deliver(item("late"));
    assertThat(got).hasSize(2);
    assertThat(slow.closedWatches()).isEqualTo(1);
  }

  @Test
  void whatAWatchRemembers_isBounded_andTheOldestIsForgotten() {
    OnceEach once = new OnceEach(got::add);
    List<SealedItem> many =
        IntStream.rangeClosed(0, OnceEach.REMEMBERED).mapToObj(i -> item("knock " + i)).toList();
    many.forEach(once);
    assertThat(got).hasSize(OnceEach.REMEMBERED + 1);

    once.accept(many.getLast());
    assertThat(got).hasSize(OnceEach.REMEMBERED + 1);
    once.accept(many.getFirst());
    assertThat(got).hasSize(OnceEach.REMEMBERED + 2);
  }

  @Test
  void aSinkGetsOneItemAtATime_andNoMoreThanFitWait() {
    List<SealedItem> order = new ArrayList<>();
    OnceEach[] once = new OnceEach[1];
    once[0] =
        new OnceEach(
            item -> {
              order.add(item);
              if (item.equals(HELLO)) {
                // Comes from another source while the sink is at work.
                IntStream.range(0, 1000).forEach(i -> once[0].accept(item("flood " + i)));
                assertThat(order).hasSize(1);
              }
            });

    once[0].accept(HELLO);

    assertThat(order).hasSize(1 + OnceEach.MAX_WAITING);
    once[0].accept(item("flood 999"));
    assertThat(order).as("what was dropped may come again").hasSize(2 + OnceEach.MAX_WAITING);
  }

  private ManyRendezvous many(Rendezvous... members) {
    Map<String, Rendezvous> named = new LinkedHashMap<>();
    Arrays.stream(members).forEach(member -> named.put("m" + named.size(), member));
    return new ManyRendezvous(named, timer);
  }

  private static Reason reasonOf(CompletionStage<?> stage) {
    return failureOf(stage).reason();
  }

  private static RendezvousException failureOf(CompletionStage<?> stage) {
    CompletableFuture<?> over = stage.toCompletableFuture();
    assertThat(over).isCompletedExceptionally();
    return Failures.of(over.exceptionNow());
  }

  private static Slot slot(int number) {
    byte[] seed = new byte[Secret32.LENGTH];
    seed[0] = (byte) number;
    Secret32 secret = Secret32.of(seed);
    return new Slot(new Topic(SEALER.signingKey(secret)), secret);
  }

  private static SealedItem item(String text) {
    return SealedItem.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
