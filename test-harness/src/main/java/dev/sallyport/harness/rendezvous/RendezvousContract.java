package dev.sallyport.harness.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.Rendezvous.Lookup;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Presence;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Rendezvous} promises, as tests. Extend it in a test class of your own:
 *
 * <pre>{@code
 * class MyRendezvousTest extends RendezvousContract {
 *   protected RendezvousBackend newBackend() { ... }
 * }
 * }</pre>
 *
 * <p>Each test has a back end of its own. Nothing in them sleeps: they wait for what has to come,
 * at most {@link #patience}. Items and slots are the same in every run.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class RendezvousContract extends TroubleContract {
  /** Longer than any knock or reply that format 1 can make. */
  private static final int LONG_KNOCK = 512;

  @Test
  final void join_saysWhoIsThere_howeverOftenItIsAsked() throws Exception {
    Rendezvous client = client();
    CompletionStage<Presence> twice = client.join();
    assertThat(done(client.join()).peers()).isPositive();
    assertThat(done(twice).peers()).isPositive();
    assertThat(done(client.join()).took()).isGreaterThanOrEqualTo(Duration.ZERO);
  }

  @Test
  final void published_isFoundByOthers() throws Exception {
    Delivery delivery = done(client().publish(RECORD, item(1), 5));
    assertThat(delivery.accepted()).isPositive().isLessThanOrEqualTo(delivery.asked());
    assertThat(lookUp(RECORD.topic())).containsExactly(item(1));
  }

  @Test
  final void itemsOfAnyLength_arePublished() throws Exception {
    done(client().publish(RECORD, item(1, 1), 0));
    assertThat(lookUp(RECORD.topic())).contains(item(1, 1));
    done(client().publish(RECORD, item(2, SealedItem.MAX_LENGTH), Long.MAX_VALUE / 2));
    assertThat(lookUp(RECORD.topic())).contains(item(2, SealedItem.MAX_LENGTH));
  }

  @Test
  final void lookupOfNothing_completesWithNothing() throws Exception {
    done(client().publish(slot(4), item(1), 5));
    Inbox found = inbox();
    Lookup lookup = done(client().lookup(RECORD.topic(), found));
    assertThat(lookup.answered()).isPositive().isLessThanOrEqualTo(lookup.asked());
    assertThat(found.items()).isEmpty();
  }

  @Test
  final void newestSequence_wins() throws Exception {
    Rendezvous service = client();
    for (int i = 1; i <= 5; i++) {
      done(service.publish(RECORD, item(i), 1000L * i));
    }
    assertThat(lookUp(RECORD.topic())).contains(item(5));
  }

  @Test
  final void olderSequence_doesNotReplaceANewer() throws Exception {
    done(client().publish(RECORD, item(2), 2000));
    settled(client().publish(RECORD, item(1), 1000));
    assertThat(lookUp(RECORD.topic())).contains(item(2));
    done(client().publish(RECORD, item(3), 3000));
    assertThat(lookUp(RECORD.topic())).contains(item(3));
  }

  @Test
  final void sameRecordAgain_isTaken() throws Exception {
    done(client().publish(RECORD, item(1), 5));
    done(client().publish(RECORD, item(1), 5));
    assertThat(lookUp(RECORD.topic())).containsExactly(item(1));
  }

  @Test
  final void publishersAtOnce_newestIsFound() throws Exception {
    List<CompletionStage<Delivery>> all = new ArrayList<>();
    List<Rendezvous> services = List.of(client(), client());
    for (int i = 1; i <= 8; i++) {
      all.add(services.get(i % 2).publish(RECORD, item(i), i));
    }
    for (CompletionStage<Delivery> one : all) {
      settled(one);
    }
    done(client().publish(RECORD, item(9), 9));
    assertThat(lookUp(RECORD.topic())).contains(item(9));
  }

  @Test
  final void knocksWhileWatched_areSeenOnce() throws Exception {
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    Rendezvous caller = client();
    for (int i = 1; i <= 5; i++) {
      Delivery delivery = done(caller.knock(MAILBOX, item(i), soon()));
      assertThat(delivery.accepted()).isPositive().isLessThanOrEqualTo(delivery.asked());
      seen.await(item(i));
    }
    assertThat(seen.items()).containsExactlyInAnyOrderElementsOf(items(5));
  }

  @Test
  final void knocksBeforeTheWatch_areSeen() throws Exception {
    done(client().knock(MAILBOX, item(1), soon()));
    done(client().knock(MAILBOX, item(2), soon()));
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.STEADY, seen);
    seen.awaitAll(items(2));
    assertThat(seen.items()).containsExactlyInAnyOrderElementsOf(items(2));
  }

  @Test
  final void manyCallersAtOnce_noneIsLost() throws Exception {
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    List<Rendezvous> callers = List.of(client(), client(), client(), client());
    List<CompletionStage<Delivery>> knocks = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      knocks.add(callers.get(i % 4).knock(MAILBOX, item(i), soon()));
    }
    for (CompletionStage<Delivery> knock : knocks) {
      done(knock);
    }
    seen.awaitAll(items(12));
    assertThat(seen.items()).containsExactlyInAnyOrderElementsOf(items(12));
  }

  @Test
  final void sameKnockAgain_isSeenOnce() throws Exception {
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    Rendezvous caller = client();
    done(caller.knock(MAILBOX, item(1), soon()));
    seen.await(item(1));
    done(caller.knock(MAILBOX, item(1), soon()));
    done(caller.knock(MAILBOX, item(2), soon()));
    seen.await(item(2));
    done(caller.knock(MAILBOX, item(3), soon()));
    seen.await(item(3));
    assertThat(seen.items()).containsExactlyInAnyOrderElementsOf(items(3));
  }

  @Test
  final void fullMailbox_losesNothingItTook() throws Exception {
    Rendezvous caller = client();
    List<SealedItem> taken = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      RendezvousException failure = settled(caller.knock(MAILBOX, item(i), soon()));
      if (failure != null) {
        assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.FULL);
        break;
      }
      taken.add(item(i));
    }
    assertThat(taken).isNotEmpty();
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    seen.awaitAll(taken);
  }

  @Test
  final void expiredKnocks_keepNoPlaceFromOthers() throws Exception {
    Rendezvous caller = client();
    Instant past = Instant.now().minus(Duration.ofMinutes(5));
    for (int i = 1; i <= 100; i++) {
      if (settled(caller.knock(MAILBOX, item(i), past)) != null) {
        break;
      }
    }
    done(caller.knock(MAILBOX, item(101), soon()));
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    seen.await(item(101));
  }

  @Test
  final void longKnock_isCarried_andOneThatNeverFitsIsRefusedForGood() throws Exception {
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    done(client().knock(MAILBOX, item(1, LONG_KNOCK), soon()));
    seen.await(item(1, LONG_KNOCK));
    SealedItem longest = item(2, SealedItem.MAX_LENGTH);
    RendezvousException failure = settled(client().knock(MAILBOX, longest, soon()));
    if (failure == null) {
      seen.await(longest);
    } else {
      assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(Reason.REJECTED);
    }
  }

  @Test
  final void twoWatchers_missNothingBetweenThem() throws Exception {
    Inbox seen = new Inbox(patience());
    Inbox one = inbox();
    Inbox two = inbox();
    client().watch(MAILBOX, Pace.FAST, one.andThen(seen));
    client().watch(MAILBOX, Pace.FAST, two.andThen(seen));
    Rendezvous caller = client();
    for (int i = 1; i <= 6; i++) {
      done(caller.knock(MAILBOX, item(i), soon()));
      seen.await(item(i));
    }
    assertThat(Stream.concat(one.items().stream(), two.items().stream()))
        .containsAll(items(6))
        .allMatch(items(6)::contains);
  }

  @Test
  final void closedWatch_getsNothingMore() throws Exception {
    Rendezvous service = client();
    Inbox closed = inbox();
    Watch watch = service.watch(MAILBOX, Pace.FAST, closed);
    done(client().knock(MAILBOX, item(1), soon()));
    closed.await(item(1));
    watch.close();
    watch.close();
    Inbox other = inbox();
    service.watch(MAILBOX, Pace.FAST, other);
    done(client().knock(MAILBOX, item(2), soon()));
    other.await(item(2));
    assertThat(closed.items()).containsExactly(item(1));
  }

  @Test
  final void paceChanges_andTheWatchGoesOn() throws Exception {
    Inbox seen = inbox();
    Watch watch = client().watch(MAILBOX, Pace.STEADY, seen);
    watch.pace(Pace.FAST);
    done(client().knock(MAILBOX, item(1), soon()));
    seen.await(item(1));
    watch.pace(Pace.STEADY);
    done(client().knock(MAILBOX, item(2), soon()));
    seen.await(item(2));
    watch.close();
    watch.pace(Pace.FAST);
  }

  @Test
  final void replyFromInsideASink_reachesTheCallerOnly() throws Exception {
    Inbox replies = inbox();
    Rendezvous caller = client();
    caller.watch(REPLIES, Pace.FAST, replies);
    Rendezvous service = client();
    Inbox knocks = inbox();
    BlockingQueue<CompletionStage<Delivery>> replied = new LinkedBlockingQueue<>();
    service.watch(
        MAILBOX,
        Pace.FAST,
        knocks.andThen(knock -> replied.add(service.reply(REPLIES, item(2), soon()))));
    done(caller.knock(MAILBOX, item(1), soon()));
    replies.await(item(2));
    done(replied.take());
    assertThat(knocks.items()).containsExactly(item(1));
    assertThat(replies.items()).containsExactly(item(2));
  }
}
