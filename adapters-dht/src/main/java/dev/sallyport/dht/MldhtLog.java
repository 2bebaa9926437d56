package dev.sallyport.dht;

import lbms.plugins.mldht.kad.DHT;
import lbms.plugins.mldht.kad.DHT.LogLevel;
import lbms.plugins.mldht.kad.DHTLogger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** mldht's log, which goes to standard output by default, as SLF4J's trace. */
final class MldhtLog implements DHTLogger {
  private static final Logger LOG = LoggerFactory.getLogger("dev.sallyport.dht.mldht");

  private MldhtLog() {}

  /** Call before anything else of mldht. Idempotent. */
  static void install() {
    DHT.setLogger(new MldhtLog());
    DHT.setLogLevel(LOG.isTraceEnabled() ? LogLevel.Debug : LogLevel.Fatal);
  }

  @Override
  public void log(String message, LogLevel level) {
    LOG.trace("{}: {}", level, message);
  }

  @Override
  public void log(Throwable error, LogLevel level) {
    LOG.trace("{}", level, error);
  }
}
