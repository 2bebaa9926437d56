package dev.sallyport.app.cli;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The caller's end of a link: one message, or a chat.
 *
 * <p>Threading: one thread runs {@link #message} or {@link #chat}; what comes in arrives on the
 * link's own.
 */
final class Conversation implements LinkListener {
  private static final Duration ECHO_PATIENCE = Duration.ofSeconds(10);
  private static final Duration LAST_ECHOES = Duration.ofSeconds(2);
  private static final Duration GOODBYE = Duration.ofMillis(1500);

  private record End(boolean clean, String why) {}

  private final Reporter reporter;
  private final Console console;
  private final Interrupts interrupts;
  private final Duration echoPatience;
  private final CompletableFuture<End> end = new CompletableFuture<>();
  private final CompletableFuture<String> echo = new CompletableFuture<>();
  private final AtomicLong received = new AtomicLong();
  private volatile @Nullable String awaited;
  private volatile @Nullable Link link;
  private volatile boolean leaving;

  Conversation(Reporter reporter, Console console, Interrupts interrupts) {
    this(reporter, console, interrupts, ECHO_PATIENCE);
  }

  /**
   * @param echoPatience how long to wait for the echo of one message
   */
  Conversation(Reporter reporter, Console console, Interrupts interrupts, Duration echoPatience) {
    this.reporter = reporter;
    this.console = console;
    this.interrupts = interrupts;
    this.echoPatience = echoPatience;
  }

  /** Sends one text, waits for it to come back if it will, and closes. */
  ExitCode message(Link to, String text, boolean echoes)
      throws ProblemException, InterruptedException {
    awaited = text;
    begin(to);
    try {
      to.send(text);
    } catch (LinkException e) {
      throw broken(String.valueOf(e.getMessage()));
    }
    if (echoes && !echoArrived()) {
      if (interrupts.interrupted()) {
        return ExitCode.INTERRUPTED;
      }
      boolean down = end.isDone();
      leave(to);
      throw broken(
          down
              ? "the link went down before the echo came"
              : "the service said that it echoes, but no echo came within "
                  + Words.roughly(echoPatience));
    }
    leave(to);
    return ended();
  }

  /** Sends each line of the input, until it or the link ends. */
  ExitCode chat(Link to, boolean echoes) throws ProblemException, InterruptedException {
    begin(to);
    if (console.inIsTerminal()) {
      reporter.tell(new Event.ChatOpened());
    }
    Thread keyboard = new Thread(() -> sendLines(to, echoes), "keyboard");
    keyboard.setDaemon(true);
    keyboard.start();
    return ended();
  }

  @Override
  public void text(String message) {
    reporter.tell(new Event.Message(null, message));
    received.incrementAndGet();
    if (message.equals(awaited)) {
      echo.complete(message);
    }
    leaveIfNobodyReads();
  }

  @Override
  public void binary(byte[] message) {
    reporter.tell(new Event.Binary(null, message));
    received.incrementAndGet();
    leaveIfNobodyReads();
  }

  @Override
  public void closed(boolean clean, String why) {
    reporter.tell(new Event.LinkClosed(null, clean, why));
    end.complete(new End(clean, why));
  }

  private void begin(Link to) {
    link = to;
    interrupts.onInterrupt(
        () -> {
          leave(to);
          end.completeOnTimeout(
              new End(false, "interrupted"), GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        });
    to.start();
  }

  private void sendLines(Link to, boolean echoes) {
    LineReader lines = new LineReader(console.in());
    long sent = 0;
    try {
      for (String line = lines.next(); line != null; line = lines.next()) {
        to.send(line);
        sent++;
      }
      if (echoes) {
        awaitEchoes(sent);
      }
    } catch (LinkException e) {
      // The link is down, and has said why or will.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    leave(to);
  }

  /** What was piped in and echoed should arrive before we hang up. */
  private void awaitEchoes(long sent) throws InterruptedException {
    long deadline = System.nanoTime() + LAST_ECHOES.toNanos();
    while (received.get() < sent && !end.isDone() && System.nanoTime() < deadline) {
      try {
        end.get(10, TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // Looked at once more above.
      }
    }
  }

  private boolean echoArrived() throws InterruptedException {
    try {
      CompletableFuture.anyOf(echo, end).get(echoPatience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return false;
    }
    return echo.isDone();
  }

  private void leaveIfNobodyReads() {
    Link to = link;
    if (console.isOutGone() && to != null) {
      leave(to);
    }
  }

  private void leave(Link to) {
    leaving = true;
    to.close();
  }

  private ExitCode ended() throws ProblemException, InterruptedException {
    try {
      End how = end.get();
      // A peer that does not answer our goodbye has still had all we sent.
      if (how.clean() || leaving) {
        return ExitCode.OK;
      }
      throw broken(how.why());
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ProblemException broken(String why) {
    return new ProblemException(
        Problem.of(
            ExitCode.NO_RUNG,
            "the conversation broke off: " + why,
            "connect again with the same id"));
  }
}
