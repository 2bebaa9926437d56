package dev.sallyport.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code sallyport demo}: the stage for a {@link Play}. */
final class DemoCommand implements Command {

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Plays both sides on this machine: a DHT node, a service and a client, each a process of",
        "its own. Shows what each of them says, and how long each step took. Needs no network, no",
        "rights and about five seconds, and leaves nothing behind.");
  }

  @Override
  public @Nullable String argument() {
    return null;
  }

  @Override
  public List<Flag> flags() {
    return List.of();
  }

  @Override
  public List<String> examples() {
    return List.of("sallyport demo");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(
        ExitCode.OK,
        ExitCode.USAGE,
        ExitCode.RENDEZVOUS_UNREACHABLE,
        ExitCode.NOT_FOUND,
        ExitCode.NO_RUNG,
        ExitCode.LOCAL_PROBLEM,
        ExitCode.INTERRUPTED);
  }

  @Override
  public ExitCode run(Invocation run) throws ProblemException, InterruptedException {
    run.interrupts().onInterrupt(Thread.currentThread()::interrupt);
    try {
      Path home = Files.createTempDirectory("sallyport-demo-");
      try {
        new Play(run.console(), home, run.sallyport()).perform();
      } finally {
        delete(home);
      }
    } catch (IOException | UncheckedIOException e) {
      throw ProblemException.local("the demo cannot be played here: " + e.getMessage());
    }
    return ExitCode.OK;
  }

  private static void delete(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
