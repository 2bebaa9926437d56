package dev.sallyport.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sends log lines to standard error, from {@code WARN} up, or from the level in the system property
 * {@code sallyport.log} or the environment variable {@code SALLYPORT_LOG}. Written in Java because
 * reading a {@code logback.xml} costs every start 60 ms. A program that has its own logback
 * configuration keeps it. Called by logback, once, on the thread that logs first.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_LOW_PRIORITY)
public final class StderrLogging extends ContextAwareBase implements Configurator {
  /** Made by logback's service loader. */
  public StderrLogging() {}

  @Override
  public ExecutionStatus configure(LoggerContext loggers) {
    if (hasOwnConfiguration()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    Level level = level();
    LineLayout layout = new LineLayout(Level.DEBUG.isGreaterOrEqual(level));
    layout.setContext(loggers);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(loggers);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(loggers);
    appender.setName("stderr");
    appender.setTarget(ConsoleTarget.SystemErr.getName());
    appender.setEncoder(encoder);
    appender.start();
    Logger root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static Level level() {
    String name = System.getProperty("sallyport.log", System.getenv("SALLYPORT_LOG"));
    return Level.toLevel(name, Level.WARN);
  }

  private static boolean hasOwnConfiguration() {
    ClassLoader loader = StderrLogging.class.getClassLoader();
    return System.getProperty("logback.configurationFile") != null
        || loader.getResource("logback-test.xml") != null
        || loader.getResource("logback.xml") != null;
  }
}
