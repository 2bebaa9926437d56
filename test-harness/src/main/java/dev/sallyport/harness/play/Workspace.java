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

/** A folder for homes and logs of one experiment, deleted at its end unless it is worth keeping. */
record Workspace(Path folder) {

  static Workspace create() throws IOException {
    return new Workspace(Files.createTempDirectory("sallyport-lab-"));
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

  void delete() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // What a killed process still held open stays in the machine's folder for such things.
    }
  }
}
