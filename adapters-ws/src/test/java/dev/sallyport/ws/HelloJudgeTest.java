package dev.sallyport.ws;

import static dev.sallyport.ws.Links.SOON;
import static dev.sallyport.ws.Links.UPGRADE;
import static dev.sallyport.ws.Links.WELCOME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.LinkUpgrade.Established;
import dev.sallyport.domain.session.LinkUpgrade.HelloJudge;
import dev.sallyport.domain.session.LinkUpgrade.Verdict;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Judges who take their time, or fail. */
class HelloJudgeTest {
  private static final Duration SHORT = Duration.ofMillis(150);

  private final Wire.Ends ends = Wire.memory(8192);
  private final RawPeer callerByHand = RawPeer.client(ends.caller());

  private FutureTask<Established> accepting(HelloJudge judge, Duration timeout) {
    return Links.inBackground(() -> UPGRADE.accept(ends.service(), judge, new Recorder(), timeout));
  }

  private static LinkException failure(FutureTask<Established> task) {
    return catchThrowableOfType(LinkException.class, () -> Links.get(task));
  }

  @Test
  void judge_whoNeverAnswers_isInterruptedAtTheDeadline() throws Exception {
    CountDownLatch interrupted = new CountDownLatch(1);
    FutureTask<Established> accepted =
        accepting(
            hello -> {
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interrupted.countDown();
              }
              return new Verdict.Welcome(WELCOME);
            },
            SHORT);
    callerByHand.sendHead(RawPeer.REQUEST);
    assertThat(failure(accepted).reason()).isEqualTo(Reason.TIMED_OUT);
    assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ends.caller().read(new byte[1], 0, 1)).isEqualTo(-1);
  }

  @Test
  void judge_whoIgnoresInterrupts_holdsNobodyUp() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    FutureTask<Established> accepted =
        accepting(
            hello -> {
              boolean waiting = true;
              while (waiting) {
                try {
                  release.await();
                  waiting = false;
                } catch (InterruptedException e) {
                  // Stubborn on purpose.
                }
              }
              return new Verdict.Welcome(WELCOME);
            },
            SHORT);
    callerByHand.sendHead(RawPeer.REQUEST);
    assertThat(failure(accepted).reason()).isEqualTo(Reason.TIMED_OUT);
    release.countDown();
  }

  @Test
  void judge_whoAnswersFromAnotherThreadInTime_isHeard() throws Exception {
    FutureTask<Verdict> decision = new FutureTask<>(() -> new Verdict.Welcome(WELCOME));
    CountDownLatch asked = new CountDownLatch(1);
    FutureTask<Established> accepted =
        accepting(
            hello -> {
              asked.countDown();
              try {
                return decision.get();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            SOON);
    callerByHand.sendHead(RawPeer.REQUEST);
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    decision.run();
    assertThat(callerByHand.readHead()).startsWith("HTTP/1.1 101");
    assertThat(Links.get(accepted).welcome()).isEqualTo(WELCOME);
  }

  @Test
  void judge_whoFails_closesTheChannel() throws Exception {
    FutureTask<Established> accepted =
        accepting(
            hello -> {
              throw new IllegalStateException("no quorum");
            },
            SOON);
    callerByHand.sendHead(RawPeer.REQUEST);
    assertThat(failure(accepted)).hasMessageContaining("no quorum");
    assertThatThrownBy(() -> ends.service().write(new byte[1], 0, 1))
        .isInstanceOf(LinkException.class);
  }
}
