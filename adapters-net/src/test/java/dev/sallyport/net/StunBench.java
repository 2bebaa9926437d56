package dev.sallyport.net;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One port that asks a STUN server what it sees, and what it was told. */
final class StunBench implements AutoCloseable {
  /** For tests in which somebody does not answer. */
  static final Duration SHORT = Duration.ofSeconds(1);

  static final Duration LONG = Duration.ofSeconds(20);

  /** Between keep-alives that do not come in a test's time. */
  static final Duration NEVER = Duration.ofHours(1);

  final int port = Loopback.freePort();
  final List<Observation> seen = new CopyOnWriteArrayList<>();
  final StunDouble server = new StunDouble();
  private @Nullable StunReflector reflector;

  private StunBench() throws IOException {}

  static StunBench open() {
    try {
      return new StunBench();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (reflector != null) {
      reflector.close();
    }
    server.close();
  }

  /** The one that is asked, with all the time in the world; closed with this. */
  StunReflector reflector(HostPort... servers) {
    return open(LONG, null, servers);
  }

  StunReflector hurried(HostPort... servers) {
    return open(SHORT, null, servers);
  }

  StunReflector keeping(Duration interval) {
    return open(LONG, interval, server.hostPort());
  }

  StunReflector open(Duration timeout, @Nullable Duration keepAlive, HostPort... servers) {
    reflector = new StunReflector(List.of(servers), new NameLookup(), timeout, keepAlive);
    return reflector;
  }

  Survey ask(StunReflector asked) throws Exception {
    return get(asked.observe(port, seen::add));
  }

  static Survey get(CompletionStage<Survey> survey) throws Exception {
    return survey.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** What was seen over this transport first. */
  Observation over(Transport transport) {
    return seen.stream().filter(o -> o.transport() == transport).findFirst().orElseThrow();
  }

  static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited too long");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
