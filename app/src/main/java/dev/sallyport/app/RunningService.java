package dev.sallyport.app;

import dev.sallyport.app.runner.ServeRunner;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.ServeSettings;
import org.jspecify.annotations.Nullable;

/** A service that listens; {@link #run} makes it known and answers callers. */
public final class RunningService implements AutoCloseable {
  private final ServeRunner runner;
  private final ServeSettings settings;

  RunningService(ServeRunner runner, ServeSettings settings) {
    this.runner = runner;
    this.settings = settings;
  }

  /** The id to hand out. */
  public ServiceId id() {
    return settings.id();
  }

  /** The port it listens on and punches from. */
  public int port() {
    return settings.port();
  }

  /**
   * Serves until {@link #stop} or a failure. Call it once; progress and new callers are reported on
   * this thread.
   *
   * @return why it ended; null if it was stopped
   */
  public @Nullable Failure run() throws InterruptedException {
    return runner.run(settings);
  }

  /** From now on lets in these callers; the links of others end. From any thread. */
  public void allow(AllowList allowed) {
    runner.allow(allowed);
  }

  /** Ends {@link #run} from any thread. */
  public void stop() {
    runner.cancel();
  }

  @Override
  public void close() {
    runner.close();
  }
}
