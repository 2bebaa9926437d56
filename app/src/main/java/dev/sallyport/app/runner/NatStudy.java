package dev.sallyport.app.runner;

import dev.sallyport.app.runner.NatRunner.News;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a service finds out about its NAT when it has nothing more urgent to do: who gets in, which
 * takes seconds, and how ports are picked, for which it needs more ports than its own. Once for
 * each network. Thread-safe.
 */
final class NatStudy implements AutoCloseable {
  /** One is enough: the ports that dial-backs are tested with are looked at too. */
  private static final NatRunner.Settings SETTINGS =
      new NatRunner.Settings(Depth.FULL, Duration.ofSeconds(6), 1);

  private final Ports ports;
  private final Executor workers;
  private final Consumer<Evidence> sink;
  private @Nullable NatRunner running;
  private boolean fresh;
  private boolean closed;

  NatStudy(Ports ports, Executor workers, Consumer<Evidence> sink) {
    this.ports = ports;
    this.workers = workers;
    this.sink = sink;
  }

  /** Starts, unless this network has been studied. */
  synchronized void start() {
    if (closed || fresh || running != null || ports.inquiries().isEmpty()) {
      return;
    }
    fresh = true;
    NatRunner runner = new NatRunner(ports, SETTINGS, this::tell);
    running = runner;
    workers.execute(() -> run(runner));
  }

  /** We are in another network, or may be: what a study under way finds is of no use. */
  synchronized void stale() {
    fresh = false;
    if (running != null) {
      running.cancel();
      running = null;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    stale();
  }

  private void run(NatRunner runner) {
    try (runner) {
      NatRunner.Result unused = runner.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        if (running == runner) {
          running = null;
        }
      }
    }
  }

  private void tell(News news) {
    if (news instanceof News.Learnt(Evidence piece, var soFar)) {
      sink.accept(piece);
    }
  }
}
