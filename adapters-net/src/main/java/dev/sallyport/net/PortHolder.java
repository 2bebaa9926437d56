package dev.sallyport.net;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says in one sentence why a port cannot be listened on, and who has it if the system tells. */
final class PortHolder {
  private static final Path PROC = Path.of("/proc");
  private static final String LISTEN = "0A";

  private PortHolder() {}

  static String explain(int port, IOException error) {
    if (port == 0) {
      return "no port is free to listen on: " + error.getMessage();
    }
    int other = port < 65535 ? port + 1 : port - 1;
    String message = String.valueOf(error.getMessage());
    if (message.toLowerCase(Locale.ROOT).contains("permission")) {
      return "port "
          + port
          + " needs rights that this user lacks; choose one from 1024 to 65535, for example 8765";
    }
    String holder = holder(port);
    if (holder != null) {
      return "port "
          + port
          + " is taken by "
          + holder
          + "; stop that or choose another port, for example "
          + other;
    }
    return "cannot listen on port "
        + port
        + " ("
        + message
        + "); choose another one, for example "
        + other;
  }

  /** "process 4711 (java)", or null if it cannot be found out. Linux only. */
  private static @Nullable String holder(int port) {
    for (String table : new String[] {"net/tcp6", "net/tcp"}) {
      String inode = listenerInode(PROC.resolve(table), port);
      if (inode != null) {
        return owner(inode).orElse("another process");
      }
    }
    return null;
  }

  /**
   * The tenth column of the line that listens; see proc_pid_net(5). The second column is the local
   * address and port in hexadecimal, the fourth the state.
   */
  private static @Nullable String listenerInode(Path table, int port) {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    try (var lines = Files.lines(table)) {
      return lines
          .map(line -> line.strip().split("\\s+"))
          .filter(columns -> columns.length > 9)
          .filter(columns -> columns[1].endsWith(suffix) && columns[3].equals(LISTEN))
          .map(columns -> columns[9])
          .findFirst()
          .orElse(null);
    } catch (IOException | java.io.UncheckedIOException e) {
      return null;
    }
  }

  private static Optional<String> owner(String inode) {
    String socket = "socket:[" + inode + "]";
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, socket)) {
          return Optional.of(
              "process " + process.getFileName() + " (" + firstLine(process.resolve("comm")) + ")");
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean holds(Path process, String socket) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(process.resolve("fd"))) {
      for (Path file : files) {
        if (Files.isSymbolicLink(file) && Files.readSymbolicLink(file).toString().equals(socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // Somebody else's process, or one that has just ended.
      return false;
    }
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
