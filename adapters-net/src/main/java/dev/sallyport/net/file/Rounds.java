package dev.sallyport.net.file;

import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes round all watched mailboxes of a folder: at once when there is news, and every now and then
 * because there may be some that nobody tells of. One listing serves all watches. A folder that
 * cannot be read is looked at again the next time.
 *
 * <p>Threading: confined to the folder's thread, but for what says otherwise.
 */
final class Rounds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  private static final Duration FAST = Duration.ofMillis(250);
  private static final Duration STEADY = Duration.ofSeconds(1);

  /** News come in bursts: a file is created, written, renamed. */
  private static final Duration LEAST_GAP = Duration.ofMillis(10);

  private static final Duration SWEEP = Duration.ofMinutes(1);

  /** More files than that of one mailbox wait for the next round. */
  private static final int MAX_READS = 256;

  private final SharedFolder folder;
  private final ScheduledExecutorService thread;
  private final InstantSource clock;
  private final FolderNews news;
  private final List<FolderWatch> watches = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isDue = new AtomicBoolean();
  private @Nullable ScheduledFuture<?> next;
  private long lastNanos = System.nanoTime() - STEADY.toNanos();
  private long sweptNanos = System.nanoTime() - SWEEP.toNanos();
  private boolean failing;

  Rounds(SharedFolder folder, ScheduledExecutorService thread, InstantSource clock) {
    this.folder = folder;
    this.thread = thread;
    this.clock = clock;
    this.news =
        new FolderNews(
            folder.path(),
            name -> watches.stream().anyMatch(watch -> name.isOf(watch.topic(), Kind.KNOCK)),
            this::soon);
  }

  /** From any thread. */
  void add(FolderWatch watch) {
    watches.add(watch);
    soon();
  }

  /** Goes round as soon as may be; however often this is called, once. From any thread. */
  void soon() {
    if (isDue.compareAndSet(false, true)) {
      thread.execute(this::roundWhenDue);
    }
  }

  /** From any thread. */
  @Override
  public void close() {
    watches.forEach(FolderWatch::close);
    news.close();
  }

  private void roundWhenDue() {
    long early = lastNanos + LEAST_GAP.toNanos() - System.nanoTime();
    if (early > 0) {
      plan(early);
    } else {
      round();
    }
  }

  private void plan(long nanos) {
    ScheduledFuture<?> planned = next;
    if (planned != null) {
      planned.cancel(false);
    }
    next = thread.schedule(this::round, nanos, TimeUnit.NANOSECONDS);
  }

  private void round() {
    isDue.set(false);
    watches.removeIf(FolderWatch::isClosed);
    if (watches.isEmpty()) {
      return;
    }
    try {
      // First: what comes while we look is told of afterwards.
      news.listen();
      look();
      recovered();
    } catch (IOException e) {
      failed(e);
    } catch (RuntimeException e) {
      LOG.warn("a look into {} failed", folder.path(), e);
    } finally {
      lastNanos = System.nanoTime();
      boolean fast = watches.stream().anyMatch(watch -> watch.pace() == Pace.FAST);
      plan(jittered(fast ? FAST : STEADY));
    }
  }

  private void look() throws IOException {
    List<FileName> names = folder.names();
    if (System.nanoTime() - sweptNanos >= SWEEP.toNanos()) {
      sweptNanos = System.nanoTime();
      folder.sweep(names, clock.instant());
    }
    for (FolderWatch watch : watches) {
      List<FileName> knocks = new ArrayList<>();
      for (FileName name : names) {
        if (name.isOf(watch.topic(), Kind.KNOCK) && !name.isRubbish(clock.instant())) {
          knocks.add(name);
        }
      }
      // So that much garbage cannot always come first.
      Collections.shuffle(knocks, ThreadLocalRandom.current());
      knocks.stream().limit(MAX_READS).forEach(name -> offer(watch, name));
    }
  }

  private void offer(FolderWatch watch, FileName name) {
    if (watch.has(name.digest())) {
      // Left again, or its deletion failed.
      folder.delete(name);
    } else if (!watch.knows(name.digest())) {
      FileItem content = folder.read(name, watch.topic());
      if (content != null) {
        watch.offer(name.digest(), content.item(), () -> thread.execute(() -> folder.delete(name)));
      }
    }
  }

  private void failed(IOException e) {
    if (!failing) {
      failing = true;
      LOG.warn("{}", Trouble.reading(folder.path(), e).getMessage());
    }
  }

  private void recovered() {
    if (failing) {
      failing = false;
      LOG.info("the rendezvous folder {} can be read again", folder.path());
    }
  }

  private static long jittered(Duration pace) {
    double factor = ThreadLocalRandom.current().nextDouble(0.8, 1.2);
    return (long) (pace.toNanos() * factor);
  }
}
