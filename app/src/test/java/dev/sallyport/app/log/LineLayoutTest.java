package dev.sallyport.app.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LineLayoutTest {
  @Test
  void event_isOneLine() {
    assertThat(laidOut(false, null))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN Punch: no route to 192\\.0\\.2\\.1\\R");
  }

  @Test
  void failure_isOneLineToo_andSaysWhatFailed() {
    assertThat(laidOut(false, new IOException("it is closed")))
        .endsWith(": no route to 192.0.2.1: it is closed" + System.lineSeparator())
        .hasLineCount(1);
    assertThat(laidOut(false, new IllegalStateException()))
        .endsWith(": java.lang.IllegalStateException" + System.lineSeparator());
  }

  @Test
  void failure_hasItsTrace_forThoseWhoAskForDetails() {
    assertThat(laidOut(true, new IOException("it is closed")))
        .contains("java.io.IOException: it is closed")
        .contains("at " + LineLayoutTest.class.getName());
  }

  private static String laidOut(boolean withTraces, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "",
            new LoggerContext().getLogger("dev.sallyport.net.Punch"),
            Level.WARN,
            "no route to {}",
            thrown,
            new Object[] {"192.0.2.1"});
    return new LineLayout(withTraces).doLayout(event);
  }
}
