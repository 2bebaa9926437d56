package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.app.runner.Peer;
import dev.sallyport.domain.session.LinkListener;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CallersTest {
  private final TestConsole console = TestConsole.pipes();
  private final Story story = new Story(console.console(), Instant::now);

  @Test
  void slowCaller_doesNotHoldUpTheOthers_andIsToldAbout() {
    Callers callers = new Callers(story, false);
    FakeLink stuck = new FakeLink(false, new CountDownLatch(1));
    FakeLink quick = FakeLink.echoing(false);
    join(callers, stuck);
    join(callers, quick);

    for (int said = 0; said < 200; said += 50) {
      for (int i = 0; i < 50; i++) {
        callers.say("line");
      }
      int sofar = said + 50;
      await().until(() -> quick.sent.size() == sofar);
    }
    assertThat(quick.sent).hasSize(200);
    assertThat(stuck.sent).isEmpty();
    assertThat(console.err()).containsOnlyOnce("reads too slowly");
  }

  @Test
  void echo_goesToItsSenderOnly_andEverybodySeesWhoSpoke() {
    Callers callers = new Callers(story, true);
    FakeLink one = FakeLink.echoing(false);
    FakeLink other = FakeLink.echoing(false);
    LinkListener speaker = join(callers, one);
    join(callers, other);

    speaker.text("hello");

    assertThat(one.sent).containsExactly("hello");
    assertThat(other.sent).isEmpty();
    assertThat(console.out()).isEqualTo("7fa12b: hello\n");
  }

  @Test
  void hangingUp_saysGoodbyeToAll_andToThoseWhoComeTooLate() throws Exception {
    Callers callers = new Callers(story, false);
    join(callers, FakeLink.echoing(false));
    callers.hangUp(Duration.ofSeconds(5));
    FakeLink late = FakeLink.echoing(false);
    LinkListener listener =
        callers.connected(new Peer(Samples.CALLER, Samples.at("192.0.2.1:1"), late));
    late.tells(listener);
    callers.say("anybody?");

    assertThat(console.err()).contains("closed here");
  }

  private static LinkListener join(Callers callers, FakeLink link) {
    LinkListener listener =
        callers.connected(new Peer(Samples.CALLER, Samples.at("192.0.2.1:1"), link));
    link.tells(listener);
    return listener;
  }
}
