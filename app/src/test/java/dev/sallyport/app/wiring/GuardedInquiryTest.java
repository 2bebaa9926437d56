package dev.sallyport.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Arrivals;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.SourceReport.Contact;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GuardedInquiryTest {
  private static final NatInquiry.Question QUESTION =
      new NatInquiry.Question(
          List.of(4000), List.of(), NatInquiry.Depth.FULL, Duration.ofSeconds(5), Arrivals.none());

  private final Counting counting = new Counting();
  private final GuardedInquiry guarded = new GuardedInquiry(counting);

  @Test
  void whoDidNotAnswerTwice_isLeftAlone_andIsReportedSo() {
    assertThat(ask().hasAnswered()).isFalse();
    assertThat(ask().hasAnswered()).isFalse();
    SourceReport third = ask();
    assertThat(counting.asked).isEqualTo(2);
    assertThat(third.name()).isEqualTo("stun.example.org:3478");
    assertThat(Objects.requireNonNull(third.tcp()).problem()).startsWith("left alone");
  }

  @Test
  void whoAnswers_isAskedAgainAndAgain() {
    counting.answers = true;
    for (int i = 1; i <= 10; i++) {
      assertThat(ask().hasAnswered()).isTrue();
      assertThat(counting.asked).isEqualTo(i);
    }
  }

  @Test
  void closing_closesTheInquiry() {
    guarded.close();
    assertThat(counting.closed).isTrue();
  }

  private SourceReport ask() {
    return guarded.ask(QUESTION, evidence -> {}).toCompletableFuture().join();
  }

  private static final class Counting implements NatInquiry {
    private int asked;
    private boolean answers;
    private boolean closed;

    @Override
    public String name() {
      return "stun.example.org:3478";
    }

    @Override
    public CompletionStage<SourceReport> ask(Question question, Consumer<Evidence> sink) {
      asked++;
      Contact contact =
          answers ? Contact.answered(Duration.ofMillis(1)) : Contact.failed("no answer");
      return CompletableFuture.completedStage(
          new SourceReport(
              name(), Observation.Source.STUN, null, contact, null, Set.of(), answers ? 1 : 0, 1));
    }

    @Override
    public CompletionStage<Void> testLifetime(
        List<Duration> quietTimes, Consumer<QuietProbe> sink) {
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
