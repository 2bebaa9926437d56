package dev.sallyport.net;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The UDP socket of all inquiries that run at the same time, so that all servers look at one local
 * port: only then can their views be compared. Thread-safe.
 */
final class SharedDatagrams {
  private @Nullable StunDatagrams open;
  private int users;

  /** The socket, new if nobody uses one; to be given back by {@link #release}. */
  synchronized StunDatagrams acquire() throws IOException {
    StunDatagrams shared = open;
    if (shared == null) {
      shared = new StunDatagrams();
      open = shared;
    }
    users++;
    return shared;
  }

  synchronized void release() {
    users--;
    if (users == 0 && open != null) {
      open.close();
      open = null;
    }
  }
}
