package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ConversationTest {
  private static final Duration SHORT = Duration.ofMillis(50);

  private final Interrupts interrupts = new Interrupts();
  private final PipedOutputStream typist = new PipedOutputStream();

  @Test
  void message_isSent_itsEchoPrinted_andTheLinkClosed() throws Exception {
    FakeLink link = FakeLink.echoing(true);
    TestConsole console = TestConsole.pipes();

    assertThat(conversation(link, console).message(link, "hello", true)).isEqualTo(ExitCode.OK);
    assertThat(link.sent).containsExactly("hello");
    assertThat(console.out()).isEqualTo("hello\n");
    assertThat(console.err()).contains("closed here");
  }

  @Test
  void message_toAServiceThatDoesNotEcho_isSentAndThatIsAll() throws Exception {
    FakeLink link = FakeLink.echoing(false);

    assertThat(conversation(link, TestConsole.pipes()).message(link, "hello", false))
        .isEqualTo(ExitCode.OK);
    assertThat(link.sent).containsExactly("hello");
  }

  @Test
  void missingEcho_isAFailureWithASentence() {
    FakeLink link = FakeLink.echoing(false);

    assertThatThrownBy(() -> conversation(link, TestConsole.pipes()).message(link, "hello", true))
        .isInstanceOfSatisfying(
            ProblemException.class, e -> assertThat(e.problem().exit()).isEqualTo(ExitCode.NO_RUNG))
        .hasMessageContaining("no echo came within");
  }

  @Test
  void chat_sendsEachLine_waitsForWhatIsEchoed_andClosesAtTheEndOfTheInput() throws Exception {
    FakeLink link = FakeLink.echoing(true);
    TestConsole console =
        TestConsole.pipes(
            new ByteArrayInputStream("one\r\ngrüße\nlast".getBytes(StandardCharsets.UTF_8)),
            Map.of());

    assertThat(conversation(link, console).chat(link, true)).isEqualTo(ExitCode.OK);
    assertThat(link.sent).containsExactly("one", "grüße", "last");
    assertThat(console.out()).isEqualTo("one\ngrüße\nlast\n");
  }

  @Test
  void peerThatLeaves_endsTheChat() throws Exception {
    FakeLink link = FakeLink.echoing(false);
    Conversation conversation = conversation(link, TestConsole.pipes(silence(), Map.of()));
    link.down(true, "closed by the peer");

    assertThat(conversation.chat(link, false)).isEqualTo(ExitCode.OK);
  }

  @Test
  void linkThatBreaks_isAFailureThatSaysWhy() throws Exception {
    FakeLink link = FakeLink.echoing(false);
    Conversation conversation = conversation(link, TestConsole.pipes(silence(), Map.of()));
    link.down(false, "the connection broke: reset");

    assertThatThrownBy(() -> conversation.chat(link, false))
        .hasMessage("the conversation broke off: the connection broke: reset");
  }

  @Test
  void ctrlC_inAChat_isAGoodbye() throws Exception {
    FakeLink link = FakeLink.echoing(false);
    Conversation conversation = conversation(link, TestConsole.pipes(silence(), Map.of()));
    interrupts.interrupt();

    assertThat(conversation.chat(link, false)).isEqualTo(ExitCode.OK);
  }

  private Conversation conversation(FakeLink link, TestConsole console) {
    Conversation conversation =
        new Conversation(
            new Story(console.console(), Instant::now), console.console(), interrupts, SHORT);
    link.tells(conversation);
    return conversation;
  }

  /** A keyboard that nobody touches: a pipe that is open at its other end. */
  private PipedInputStream silence() throws IOException {
    PipedInputStream in = new PipedInputStream();
    typist.connect(in);
    return in;
  }
}
