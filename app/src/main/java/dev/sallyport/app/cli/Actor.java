package dev.sallyport.app.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One of the processes of the demo. All it says is shown; what the play waits for is found in it.
 * Thread-safe.
 */
final class Actor implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 15;
  private static final int GOODBYE_SECONDS = 2;

  private record Cue(Predicate<String> wanted, CompletableFuture<String> line) {}

  private final String name;
  private final Process process;
  private final Writer keyboard;
  private final Consumer<String> stage;
  private final List<Cue> cues = new ArrayList<>();
  private final List<String> said = new ArrayList<>();
  private final Thread reader;
  private boolean silent;

  /**
   * Starts the process.
   *
   * @param stage gets each line it says, on a thread of this actor
   * @param home where it keeps its things
   */
  Actor(String name, List<String> command, Path home, Consumer<String> stage) throws IOException {
    this.name = name;
    this.stage = stage;
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("XDG_CONFIG_HOME", home.resolve("config").toString());
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
    this.process = builder.start();
    this.keyboard =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.reader = new Thread(this::listen, name);
    reader.setDaemon(true);
    reader.start();
  }

  /** A line that it has said or will say. */
  synchronized CompletableFuture<String> line(Predicate<String> wanted) {
    for (String line : said) {
      if (wanted.test(line)) {
        return CompletableFuture.completedFuture(line);
      }
    }
    Cue cue = new Cue(wanted, new CompletableFuture<>());
    if (silent) {
      cue.line().completeExceptionally(new IllegalStateException("ended"));
    } else {
      cues.add(cue);
    }
    return cue.line();
  }

  /**
   * Waits for a line.
   *
   * @param what for the sentence if it does not come
   */
  String await(CompletableFuture<String> line, String what)
      throws ProblemException, InterruptedException {
    try {
      return line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      int code = process.waitFor();
      throw new ProblemException(
          Problem.of(ExitCode.of(code), "the " + name + " ended (" + code + ") before it " + what));
    } catch (TimeoutException e) {
      throw new ProblemException(
          Problem.of(
              ExitCode.NO_RUNG,
              "the " + name + " has not " + what + " within " + PATIENCE_SECONDS + " s"));
    }
  }

  /** Types a line. */
  void type(String line) throws ProblemException {
    try {
      keyboard.write(line + "\n");
      keyboard.flush();
    } catch (IOException e) {
      throw ProblemException.local("the " + name + " does not listen any more");
    }
  }

  /**
   * Ends its input, which ends it.
   *
   * @return its exit code
   */
  int leave() throws InterruptedException {
    try {
      keyboard.close();
    } catch (IOException e) {
      // It has left already.
    }
    if (!process.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
      process.destroy();
      if (!process.waitFor(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    reader.join(TimeUnit.SECONDS.toMillis(1));
    return process.waitFor();
  }

  /** Ends it at once, if it has not left by itself: the play was broken off. */
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    process.destroy();
    try {
      leave();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        stage.accept(line);
        heard(line);
      }
    } catch (IOException e) {
      // It is gone.
    }
    List<Cue> missed;
    synchronized (this) {
      silent = true;
      missed = List.copyOf(cues);
      cues.clear();
    }
    missed.forEach(cue -> cue.line().completeExceptionally(new IllegalStateException("ended")));
  }

  private void heard(String line) {
    List<Cue> met = new ArrayList<>();
    synchronized (this) {
      said.add(line);
      cues.removeIf(cue -> cue.wanted().test(line) && met.add(cue));
    }
    met.forEach(cue -> cue.line().complete(line));
  }
}
