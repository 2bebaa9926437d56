package dev.sallyport.net;

import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what is no longer wanted, where a failure to close changes nothing for anybody. */
final class Quietly {
  private static final Logger LOG = LoggerFactory.getLogger(Quietly.class);

  private Quietly() {}

  static void close(Closeable resource) {
    try {
      resource.close();
    } catch (IOException e) {
      LOG.debug("closing {}: {}", resource, e.getMessage());
    }
  }
}
