package dev.sallyport.app.callreport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.SocketEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class CallTraceTest {
  private static final Endpoint HERE = Endpoint.parse("192.168.1.2:4000");
  private static final Endpoint SERVICE = Endpoint.parse("198.51.100.9:8765");
  private static final PublicKey32 KEY = PublicKey32.of(new byte[32]);

  private final CallTrace trace = new CallTrace();
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");
  private long ids;

  @Test
  void aCall_isDrawnFromTheFirstSynToTheLink() {
    trace.then(new CallEffect.Discover(), now);
    SocketId refused = dial(4000, SERVICE);
    pass(20);
    fail(refused, DialFailure.REFUSED);
    SocketId id = dial(4000, SERVICE);
    pass(20);
    trace.on(new SocketEvent.Dialed(id, HERE, SERVICE), now);
    trace.then(new CallEffect.Secure(id, KEY, Duration.ofSeconds(5)), now);
    pass(40);
    trace.on(new CallEvent.Secured(id), now);
    finish();

    assertThat(ladder().lanes()).containsExactly("steps", "this computer", "198.51.100.9");
    assertThat(ladder().arrows().stream().map(CallTraceTest::words))
        .containsExactly(
            "1>2 SYN 4000 → 8765 at 0 until 10",
            "2>1 RST  at 10 until 20",
            "1>2 SYN 4000 → 8765 at 20 until 30",
            "2>1 OTHER it is up at 30 until 40",
            "1>2 DATA TLS at 40 until 60",
            "2>1 DATA TLS done at 60 until 80");
    assertThat(trace.took()).isEqualTo(Duration.ofMillis(80));
  }

  @Test
  void aBurst_isDrawnByItsFirstDials_andTheNumberOfTheOthers() {
    for (int port = 1; port <= 243; port++) {
      SocketId id = dial(0, new Endpoint(SERVICE.address(), 2000 + port));
      pass(2);
      fail(id, port % 2 == 0 ? DialFailure.REFUSED : DialFailure.TIMED_OUT);
    }
    assertThat(ladder().arrows().stream().map(Arrow::label).filter(l -> !l.isEmpty()))
        .containsExactly("new → 2001", "new → 2002", "new → 2003");
    assertThat(ladder().marks().stream().map(Mark::text))
        .containsExactly("… 240 more until 0.48 s: 120 refused, 120 unanswered");
  }

  @Test
  void whatNeverLeft_andWhatBroke_areMarks() {
    fail(dial(4000, SERVICE), DialFailure.NO_ROUTE);
    SocketId stranger = SocketId.accepted(1);
    pass(5);
    trace.on(new SocketEvent.Accepted(stranger, HERE, SERVICE), now);
    pass(5);
    trace.on(
        new SocketEvent.LinkFailed(
            stranger, LinkException.Reason.WRONG_PEER, null, "another key <b>"),
        now);
    assertThat(ladder().marks().stream().map(Mark::text))
        .containsExactly("198.51.100.9:8765: no route", "another key <b>");
    assertThat(ladder().arrows().stream().map(CallTraceTest::words))
        .containsExactly("2>1 SYN 8765 → 4000 at 5 until 5");
    assertThat(ladder().svg()).contains("another key &lt;b&gt;").doesNotContain("<b>");
  }

  @Test
  void howeverLongACallIs_andHoweverManyItDials_thePageStaysSmall() {
    trace.then(new CallEffect.Discover(), now);
    pass(Duration.ofHours(3).toMillis());
    for (int i = 0; i < 20_000; i++) {
      SocketId id = dial(4000 + i % 3, Endpoint.parse("198.51.100." + i % 200 + ":" + (1 + i)));
      pass(7);
      switch (i % 4) {
        case 0 -> fail(id, DialFailure.REFUSED);
        case 1 -> fail(id, DialFailure.TUPLE_IN_USE);
        case 2 -> trace.on(new SocketEvent.Dialed(id, HERE, SERVICE), now);
        default -> {
          // Still under way.
        }
      }
    }
    finish();

    assertThat(trace.attempts()).hasSize(CallTrace.FIRST + CallTrace.LATEST);
    assertThat(trace.dropped()).isEqualTo(20_000L - CallTrace.FIRST - CallTrace.LATEST);
    assertThat(ladder().lanes()).hasSize(8).last().isEqualTo("others");
    assertThat(ladder().arrows()).hasSizeLessThanOrEqualTo(PacketLadder.MOST_DRAWN);
    assertThat(ladder().marks()).hasSizeLessThanOrEqualTo(PacketLadder.MOST_DRAWN);
    assertThat(ladder().svg()).hasSizeLessThan(200_000);
  }

  @Test
  void withoutAnyDial_thereIsNothingToDraw() {
    assertThat(trace.ladder()).isNull();
    trace.then(new CallEffect.Discover(), now);
    assertThat(trace.ladder()).isNull();
    assertThat(trace.took()).isZero();
  }

  private SocketId dial(int localPort, Endpoint remote) {
    SocketId id = SocketId.dialed(++ids);
    trace.then(new SocketEffect.Dial(id, localPort, remote, Duration.ofSeconds(2)), now);
    return id;
  }

  private void fail(SocketId id, DialFailure failure) {
    trace.on(new SocketEvent.DialFailed(id, failure), now);
  }

  private void finish() {
    trace.then(new CallEffect.Finish(new CallOutcome.Abandoned()), now);
  }

  private void pass(long millis) {
    now = now.plusMillis(millis);
  }

  private PacketLadder ladder() {
    return Objects.requireNonNull(trace.ladder());
  }

  private static String words(Arrow arrow) {
    Duration arrives = arrow.arrives();
    return "%d>%d %s %s at %d until %s"
        .formatted(
            arrow.from(),
            arrow.to(),
            arrow.kind(),
            arrow.label(),
            arrow.leaves().toMillis(),
            arrives == null ? "lost" : arrives.toMillis());
  }
}
