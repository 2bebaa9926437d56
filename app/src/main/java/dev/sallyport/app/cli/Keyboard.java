package dev.sallyport.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads what a service's user types, without the service being stopped for it: a process in the
 * background that reads its terminal is halted by the terminal (SIGTTIN), and `serve &` must go on
 * serving. So a terminal is read only when there is a line to read and we are in the foreground.
 */
final class Keyboard {
  private static final int LOOK_AGAIN_MILLIS = 100;
  private static final int PROCESS_GROUP = 2;
  private static final int FOREGROUND_GROUP = 5;

  private final Console console;

  Keyboard(Console console) {
    this.console = console;
  }

  /** Reads lines on a thread of its own; {@code whenOver} runs on it at the end of the input. */
  void start(Consumer<String> lines, Runnable whenOver) {
    Thread thread =
        new Thread(
            () -> {
              read(lines);
              whenOver.run();
            },
            "keyboard");
    thread.setDaemon(true);
    thread.start();
  }

  private void read(Consumer<String> lines) {
    LineReader reader = new LineReader(console.in());
    try {
      while (true) {
        if (console.inIsTerminal() && !reader.hasBuffered()) {
          awaitLine();
        }
        String line = reader.next();
        if (line == null) {
          return;
        }
        lines.accept(line);
      }
    } catch (IOException e) {
      // No input any more.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitLine() throws IOException, InterruptedException {
    while (console.in().available() == 0 || !inForeground()) {
      Thread.sleep(LOOK_AGAIN_MILLIS);
    }
  }

  /** As proc_pid_stat(5) tells it; where it does not, we have to believe so. */
  private static boolean inForeground() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
      // The second field is the program's name in parentheses, which may hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      return fields[PROCESS_GROUP].equals(fields[FOREGROUND_GROUP]);
    } catch (IOException | RuntimeException e) {
      return true;
    }
  }
}
