package dev.sallyport.harness.play;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder for homes and logs of one experiment, deleted when it is closed or this JVM is told to
 * end, unless it is worth keeping. Thread-safe.
 */
final class Workspace implements AutoCloseable {
  private final Path folder;
  private final Thread sweeper = new Thread(this::sweep, "sweeper");
  private volatile boolean kept;

  private Workspace(Path folder) {
    this.folder = folder;
  }

  static Workspace create() throws IOException {
    Workspace workspace = new Workspace(Files.createTempDirectory("sallyport-lab-"));
    Runtime.getRuntime().addShutdownHook(workspace.sweeper);
    return workspace;
  }

  Path folder() {
    return folder;
  }

  /** Leaves the folder where it is. */
  void keep() {
    kept = true;
  }

  /**
   * The environment of a user whose home is a folder of this name: a new one has cached nothing.
   */
  Map<String, String> home(String name) throws IOException {
    Path home = folder.resolve(name);
    Map<String, String> environment = new HashMap<>();
    environment.put("HOME", Files.createDirectories(home).toString());
    for (String kind : List.of("CONFIG", "CACHE", "DATA", "STATE")) {
      environment.put(
          "XDG_" + kind + "_HOME", home.resolve("." + kind.toLowerCase(Locale.ROOT)).toString());
    }
    return environment;
  }

  /** The log of this name. */
  Path log(String name) {
    return folder.resolve(name + ".log");
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(sweeper);
    } catch (IllegalStateException e) {
      // We are being shut down: it sweeps already.
      return;
    }
    sweep();
  }

  private void sweep() {
    if (!kept) {
      delete(folder);
    }
  }

  /** Deletes a folder with all that is in it, as far as that can be done. */
  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // What a killed process still held open stays in the machine's folder for such things.
    }
  }
}
