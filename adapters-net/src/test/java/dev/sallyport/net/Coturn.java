package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A coturn that answers STUN, which we did not write, until it is closed. */
final class Coturn implements AutoCloseable {
  private static final String BINARY = "turnserver";

  private final Process process;

  private Coturn(Process process) {
    this.process = process;
  }

  /**
   * Starts one, and waits until it listens: with two addresses on the next port, too (RFC 5780).
   * Skips the test as {@link #requireInstalled} does.
   *
   * @param folder takes its log
   */
  static Coturn start(Path folder, int port, String... addresses) throws IOException {
    requireInstalled(BINARY);
    List<String> command = new ArrayList<>(List.of(BINARY, "-n", "--stun-only", "--no-auth"));
    command.addAll(List.of("--no-cli", "--no-tls", "--no-dtls"));
    for (String address : addresses) {
      command.addAll(List.of("-L", address));
    }
    command.addAll(List.of("-p", "" + port, "--log-file", "stdout", "--simple-log"));
    command.addAll(List.of("-b", folder.resolve("turndb").toString()));
    command.addAll(List.of("--pidfile", folder.resolve("pid").toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Coturn coturn = new Coturn(process);
    try {
      await().until(() -> Stream.of(addresses).allMatch(a -> listens(a, port)));
      if (addresses.length > 1) {
        await().until(() -> Stream.of(addresses).allMatch(a -> listens(a, port + 1)));
      }
    } catch (RuntimeException e) {
      coturn.close();
      throw e;
    }
    return coturn;
  }

  /** Without these programs of coturn's the test is skipped; where nothing may be, it fails. */
  static void requireInstalled(String... binaries) {
    for (String binary : binaries) {
      boolean installed =
          Stream.of(System.getenv("PATH").split(File.pathSeparator))
              .anyMatch(directory -> new File(directory, binary).canExecute());
      if (!installed) {
        String missing = "coturn's \"" + binary + "\" is not installed: no test with it";
        assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
        System.err.println("SKIPPED: " + missing);
        Assumptions.abort(missing);
      }
    }
  }

  private static boolean listens(String address, int port) {
    try (Socket socket = new Socket(Observer.ip(address), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).as("coturn ends").isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
