package dev.sallyport.harness.play;

import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/**
 * One process of Sallyport in its place. Reads its events as they come, and writes all it says to a
 * log, each line with the milliseconds since its start. Thread-safe.
 */
final class AppProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private record Waiter(Predicate<Event> wanted, CompletableFuture<Event> answer) {}

  private final long started = System.nanoTime();
  private final Guest guest;
  private final Path log;
  private final BufferedWriter writer;
  private final CompletableFuture<Integer> end;
  private final List<Event> events = new ArrayList<>();
  private final List<Waiter> waiters = new ArrayList<>();
  private String lastError = "";
  private boolean ended;

  private AppProcess(Guest guest, Path log) throws IOException {
    this.guest = guest;
    this.log = log;
    this.writer = Files.newBufferedWriter(log);
    CompletableFuture<Void> out = pump("out", guest.stdout());
    CompletableFuture<Void> err = pump("err", guest.stderr());
    this.end =
        CompletableFuture.allOf(out, err)
            .thenCombine(guest.exit(), (none, code) -> code)
            .whenComplete((code, failure) -> finish());
  }

  /** Starts {@code sallyport} with these arguments, as the user with this environment. */
  static AppProcess start(
      Network network,
      Place place,
      AppCommand command,
      List<String> arguments,
      Map<String, String> user,
      Path log)
      throws IOException {
    Map<String, String> environment = new HashMap<>(command.environment());
    environment.putAll(user);
    ProcessBuilder builder = network.command(place, command.with(arguments), environment);
    builder.redirectInput(new File("/dev/null"));
    return new AppProcess(network.start(builder), log);
  }

  /** Completes with the first event that is wanted; with an exception if the process ends first. */
  CompletableFuture<Event> first(Predicate<Event> wanted) {
    Waiter waiter = new Waiter(wanted, new CompletableFuture<>());
    synchronized (this) {
      for (Event event : events) {
        if (wanted.test(event)) {
          return CompletableFuture.completedFuture(event);
        }
      }
      if (!ended) {
        waiters.add(waiter);
        return waiter.answer();
      }
    }
    return CompletableFuture.failedFuture(new IllegalStateException("the process has ended"));
  }

  /** All events so far. */
  synchronized List<Event> events() {
    return List.copyOf(events);
  }

  /** Why it failed, as far as it said: its last event of failure, or its last line of error. */
  synchronized String complaint() {
    for (int i = events.size() - 1; i >= 0; i--) {
      Event event = events.get(i);
      if (event.kind().equals(Event.FAILED)) {
        String sentence = event.text("message");
        return sentence.isEmpty() ? event.fields().toString() : sentence;
      }
    }
    return lastError;
  }

  Path log() {
    return log;
  }

  boolean isAlive() {
    return guest.isAlive();
  }

  /** Waits so long, or until it has ended; whether it has. */
  boolean hasEndedWithin(Duration time) throws InterruptedException {
    try {
      end.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * Waits for its end, and kills it if that does not come in time.
   *
   * @return its exit code; 137 if it was killed
   */
  int awaitEnd(Duration limit) throws InterruptedException {
    try {
      return end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      note("lab", "killed: it has not ended within " + limit.toSeconds() + " s");
      guest.kill();
      return end.join();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Ends it as a crash would (SIGKILL), and waits until it is gone. */
  void kill() {
    guest.kill();
    end.join();
  }

  /** Asks it to end as Ctrl+C would, and kills it if it does not. */
  @Override
  public void close() {
    try {
      guest.stop(PATIENCE);
      end.join();
    } catch (InterruptedException e) {
      guest.kill();
      Thread.currentThread().interrupt();
    }
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
  }

  private CompletableFuture<Void> pump(String name, InputStream stream) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                  note(name, line);
                }
              } catch (IOException | UncheckedIOException e) {
                // The process has ended in the middle of a line.
              } finally {
                done.complete(null);
              }
            },
            log.getFileName() + " " + name);
    thread.setDaemon(true);
    thread.start();
    return done;
  }

  private void note(String source, String line) {
    long millis = millis();
    List<Waiter> answered = new ArrayList<>();
    Event event = source.equals("out") ? Event.parse(line, millis) : null;
    synchronized (this) {
      write("%7d %s %s%n".formatted(millis, source, line));
      if (!source.equals("out")) {
        lastError = line;
      }
      if (event != null) {
        events.add(event);
        waiters.removeIf(w -> w.wanted().test(event) && answered.add(w));
      }
    }
    if (event != null) {
      answered.forEach(w -> w.answer().complete(event));
    }
  }

  private void write(String text) {
    try {
      writer.write(text);
      writer.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void finish() {
    List<Waiter> disappointed;
    synchronized (this) {
      ended = true;
      disappointed = List.copyOf(waiters);
      waiters.clear();
      try {
        writer.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    disappointed.forEach(
        w -> w.answer().completeExceptionally(new IllegalStateException("the process has ended")));
  }
}
