package dev.sallyport.harness.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Private network, mount and process namespaces. Their first process does nothing but wait for the
 * end of a pipe that this JVM holds: when it closes, or when this JVM dies in whatever way, the
 * kernel kills every process inside, and with the last of them go all interfaces, rules and mounts.
 * So nothing leaks, and any number of sandboxes can be open at a time.
 *
 * <p>Named network namespaces can be made inside ({@code ip netns add}); their names are private
 * too.
 */
public final class Sandbox implements AutoCloseable {
  private static final String READY = "ready";
  // A fresh /run hides the machine's own namespaces, sockets and name servers.
  private static final String FIRST_PROCESS =
      "set -e; mount -t tmpfs tmpfs /run; mkdir /run/netns; ip link set lo up; echo "
          + READY
          + "; read -r never";

  private final Process unshare;
  private final long pid;

  private Sandbox(Process unshare, long pid) {
    this.unshare = unshare;
    this.pid = pid;
  }

  /**
   * @throws IOException saying what the kernel refused, if it did
   */
  public static Sandbox open() throws IOException {
    // A session of its own: Ctrl+C on our terminal is for us, and we end it in order.
    List<String> command =
        List.of(
            "setsid",
            "unshare",
            "--net",
            "--mount",
            "--pid",
            "--fork",
            "--kill-child",
            "--mount-proc",
            "sh",
            "-c",
            FIRST_PROCESS);
    Process process = builder(command, Map.of()).start();
    // Not closed: its end is the end of the process.
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    if (!READY.equals(out.readLine())) {
      String why = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      process.destroyForcibly();
      throw new IOException("no private namespaces: " + why.strip());
    }
    ProcessHandle first =
        process
            .children()
            .findFirst()
            .orElseThrow(() -> new IOException("the first process of the sandbox is gone"));
    return new Sandbox(process, first.pid());
  }

  /** The named network namespace inside, for Java code; null for the sandbox's own. */
  public Netns netns(@Nullable String name) {
    Path process = Path.of("/proc", Long.toString(pid));
    return new Netns(
        name == null ? process.resolve("ns/net") : process.resolve("root/run/netns").resolve(name));
  }

  /**
   * A command that runs inside, not yet started. Its environment is {@code environment} and a plain
   * {@code PATH}; its folder is the root.
   *
   * @param netns the named network namespace to run in, or null for the sandbox's own
   */
  public ProcessBuilder command(
      @Nullable String netns, List<String> command, Map<String, String> environment) {
    List<String> whole = new ArrayList<>();
    whole.addAll(List.of("nsenter", "--target", Long.toString(pid), "--mount", "--net", "--pid"));
    whole.add("--");
    if (netns != null) {
      whole.addAll(List.of("ip", "netns", "exec", netns));
    }
    whole.addAll(command);
    return builder(whole, environment);
  }

  /** Starts what {@link #command} has made. */
  public static Guest start(ProcessBuilder command) throws IOException {
    return new Guest(command.start());
  }

  /**
   * Runs a shell script inside, which stops at the first command that fails.
   *
   * @throws IOException with what it said, if one did
   */
  public void script(String script) throws IOException, InterruptedException {
    run(List.of("sh", "-e"), script);
  }

  /**
   * Runs a command with this standard input to its end, in the sandbox's own network namespace.
   *
   * @return its standard output and error
   * @throws IOException with its output, if its exit code is not 0
   */
  public String run(List<String> command, String input) throws IOException, InterruptedException {
    Process process = command(null, command, Map.of()).redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading everything; its output says why.
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException(command + " failed with " + code + ": " + output.strip());
    }
    return output;
  }

  /** Ends every process inside, and with them all that was made there. */
  @Override
  public void close() {
    try {
      unshare.getOutputStream().close();
    } catch (IOException e) {
      // The pipe is closed all the same.
    }
    boolean interrupted = false;
    try {
      if (unshare.waitFor(10, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    unshare.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static ProcessBuilder builder(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", Tools.PATH);
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().putAll(environment);
    return builder;
  }
}
