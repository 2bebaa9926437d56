package dev.sallyport.harness.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/**
 * The part of the contract for bad days: strangers who write without the seed, rubbish, a back end
 * that fails or hangs, and the close of a client at any moment.
 */
abstract class TroubleContract extends ContractFixture {
  @Test
  final void whoeverLacksTheSeed_changesNothing() throws Exception {
    assumeTrue(
        backend().verifiesWriters(), "not played: this back end does not verify who writes to it");
    Rendezvous stranger = client();
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    done(client().publish(RECORD, item(1), 1000));
    settled(stranger.publish(withoutSeed(RECORD), item(2), 2000));
    settled(stranger.knock(withoutSeed(MAILBOX), item(3), soon()));
    assertThat(lookUp(RECORD.topic())).containsExactly(item(1));
    done(client().publish(RECORD, item(4), 1001));
    assertThat(lookUp(RECORD.topic())).contains(item(4)).doesNotContain(item(2));
    done(client().knock(MAILBOX, item(5), soon()));
    seen.await(item(5));
    assertThat(seen.items()).containsExactly(item(5));
  }

  @Test
  final void garbageInTheBackEnd_isIgnored() throws Exception {
    assumeTrue(
        backend().litter(RECORD) && backend().litter(MAILBOX),
        "not played: this back end cannot be littered");
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    done(client().publish(RECORD, item(1), Instant.now().toEpochMilli()));
    assertThat(lookUp(RECORD.topic())).contains(item(1));
    done(client().knock(MAILBOX, item(2), soon()));
    seen.await(item(2));
    done(client().knock(MAILBOX, item(3), soon()));
    seen.await(item(3));
    assertThat(seen.items()).containsExactly(item(2), item(3));
  }

  @Test
  final void failingBackEnd_failsEveryStageInWords() throws Exception {
    Rendezvous client = client();
    assumeTrue(backend().fail(), "not played: this back end cannot be made to fail");
    List<CompletionStage<?>> stages = oneOfEach(client);
    assertThat(failure(stages.getFirst()).reason()).isEqualTo(Reason.UNREACHABLE);
    for (CompletionStage<?> stage : stages) {
      assertThat(failure(stage).reason()).isNotEqualTo(Reason.CLOSED);
      assertThat(failure(stage).getMessage()).isNotBlank();
    }
  }

  @Test
  final void backEndThatHangs_failsEveryStageInTime() throws Exception {
    Rendezvous client = client();
    assumeTrue(backend().hang(), "not played: this back end cannot be made to hang");
    for (CompletionStage<?> stage : oneOfEach(client)) {
      assertThat(failure(stage).reason()).isNotEqualTo(Reason.CLOSED);
      assertThat(failure(stage).getMessage()).isNotBlank();
    }
  }

  @Test
  final void watch_outlivesAFailure() throws Exception {
    Inbox seen = inbox();
    Rendezvous caller = client();
    client().watch(MAILBOX, Pace.FAST, seen);
    done(caller.knock(MAILBOX, item(1), soon()));
    seen.await(item(1));
    assumeTrue(backend().fail(), "not played: this back end cannot be made to fail");
    failure(caller.knock(MAILBOX, item(2), soon()));
    assumeTrue(backend().heal(), "not played: this back end cannot be healed");
    done(caller.knock(MAILBOX, item(3), soon()));
    seen.await(item(3));
  }

  @Test
  final void closeWhileBusy_endsEveryStage() throws Exception {
    Rendezvous client = client();
    client.watch(MAILBOX, Pace.FAST, inbox());
    List<CompletionStage<?>> stages = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      stages.addAll(oneOfEach(client));
    }
    closeSoon(client);
    for (CompletionStage<?> stage : stages) {
      // Either way: what counts is that it ends, and how it may fail.
      settled(stage);
    }
  }

  @Test
  final void closeWhileTheBackEndHangs_isPrompt_andSaysClosed() throws Exception {
    Rendezvous client = client();
    assumeTrue(backend().hang(), "not played: this back end cannot be made to hang");
    client.watch(MAILBOX, Pace.FAST, inbox());
    List<CompletionStage<?>> stages = oneOfEach(client);
    closeSoon(client);
    for (CompletionStage<?> stage : stages) {
      assertThat(failure(stage).reason()).isEqualTo(Reason.CLOSED);
    }
  }

  @Test
  final void afterClose_everythingFails_andOthersAreNotHarmed() throws Exception {
    Rendezvous closed = client();
    Inbox nothing = inbox();
    closed.watch(MAILBOX, Pace.FAST, nothing);
    done(closed.join());
    closeSoon(closed);
    closeSoon(closed);
    for (CompletionStage<?> stage : oneOfEach(closed)) {
      assertThat(failure(stage).reason()).isEqualTo(Reason.CLOSED);
    }
    assertThatThrownBy(() -> closed.watch(MAILBOX, Pace.FAST, nothing))
        .isInstanceOfSatisfying(
            RendezvousException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    Inbox seen = inbox();
    client().watch(MAILBOX, Pace.FAST, seen);
    done(client().knock(MAILBOX, item(1), soon()));
    seen.await(item(1));
    assertThat(nothing.items()).isEmpty();
  }
}
