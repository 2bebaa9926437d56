package dev.sallyport.harness.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EventTest {
  private static final String LINE =
      "{\"event\":\"connected\",\"rung\":\"external\",\"attempts\":3,\"remote\":\"198.18.20.2:8765\"}";

  @Test
  void aLineOfJsonWithAnEvent_isThatEvent() {
    Event event = Objects.requireNonNull(Event.parse(LINE, 120));
    assertThat(event.kind()).isEqualTo("connected");
    assertThat(event.millis()).isEqualTo(120);
    assertThat(event.text("rung")).isEqualTo("external");
    assertThat(event.number("attempts")).isEqualTo(3);
    assertThat(event.text("nothing")).isEmpty();
    assertThat(event.number("rung")).isEqualTo(-1);
  }

  @Test
  void anyOtherLine_isNone() {
    for (String line : new String[] {"", "hello", "[1]", "{", "{}", "{\"event\":3}", "null"}) {
      assertThat(Event.parse(line, 0)).as(line).isNull();
    }
  }

  @Test
  void anyText_isAnEventOrNone_neverAnError() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(LINE);
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
      }
      assertThatCode(() -> Event.parse(text.toString(), 0))
          .as("seed %d, input %s", seed, text)
          .doesNotThrowAnyException();
      assertThatCode(() -> DhtPing.nodesIn("5:nodes" + text)).doesNotThrowAnyException();
    }
  }

  @Test
  void theNodesInADhtReply_areCountedByTheirLength() {
    String two = "x".repeat(52);
    assertThat(DhtPing.nodesIn("d1:rd2:id20:aaaaaaaaaaaaaaaaaaaa5:nodes52:" + two + "ee"))
        .isEqualTo(2);
    assertThat(DhtPing.nodesIn("d1:rd5:nodes52:xee")).as("cut off").isZero();
    assertThat(DhtPing.nodesIn("d1:rd5:nodes99999999999:ee")).isZero();
    assertThat(DhtPing.nodesIn("")).isZero();
  }
}
