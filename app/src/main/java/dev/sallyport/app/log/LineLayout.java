package dev.sallyport.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** One line for each event: time, level, class, message, and what was thrown, if anything was. */
final class LineLayout extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());

  private final boolean withTraces;

  /** With {@code withTraces}, stack traces follow: whoever asks for details gets them. */
  LineLayout(boolean withTraces) {
    this.withTraces = withTraces;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    TIME.formatTo(event.getInstant(), line);
    String logger = event.getLoggerName();
    line.append(' ').append(event.getLevel()).append(' ');
    line.append(logger.substring(logger.lastIndexOf('.') + 1));
    line.append(": ").append(event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null && withTraces) {
      line.append(System.lineSeparator()).append(ThrowableProxyUtil.asString(thrown));
    } else if (thrown != null) {
      String message = thrown.getMessage();
      line.append(": ").append(message == null ? thrown.getClassName() : message);
    }
    return line.append(System.lineSeparator()).toString();
  }
}
