package dev.sallyport.net.file;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One daemon thread for tasks in their order. A task that fails is logged and harms no other; after
 * the end they are dropped without a word: whoever waits for one has been told by then.
 *
 * <p>Threading: safe from any thread.
 */
final class Lane extends ScheduledThreadPoolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

  Lane(String name) {
    super(
        1,
        Thread.ofPlatform().daemon().name(name).factory(),
        new ThreadPoolExecutor.DiscardPolicy());
    setRemoveOnCancelPolicy(true);
  }

  @Override
  protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
    super.afterExecute(task, thrown);
    if (task instanceof Future<?> future
        && future.state() == Future.State.FAILED
        && !isShutdown()) {
      LOG.warn("a task of the rendezvous folder failed", future.exceptionNow());
    }
  }
}
