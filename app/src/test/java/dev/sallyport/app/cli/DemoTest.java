package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a user starts it: real processes, real signals. */
@Timeout(90)
class DemoTest {
  @TempDir Path folder;

  @Test
  void demo_tellsTheStoryFromBothSides_andEndsWell_leavingNothing() throws Exception {
    Process demo = start(List.of("demo"), "-Djava.io.tmpdir=" + folder);
    String story = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(demo.waitFor()).as(story).isZero();
    assertThat(story)
        .contains("service \u2502 registered", "client  \u2502 connected", "service \u2502 closed")
        .contains("client  \u2502 Hello from the client.", "client  \u2502 Hello from the service.")
        .contains("How long it took:", "What you saw:")
        .doesNotContain("WARNING", "Exception");
    try (var left = Files.list(folder)) {
      assertThat(left.filter(f -> f.getFileName().toString().startsWith("sallyport-demo")))
          .isEmpty();
    }
  }

  @Test
  void sigterm_endsNodesInOrder_withExitCode0() throws Exception {
    Process node =
        start(List.of("dht-node", "--bind", "127.0.0.1", "--json"), "-Djava.io.tmpdir=" + folder);
    assertThat(node.inputReader().readLine()).contains("\"ready\"");

    node.destroy();

    assertThat(node.waitFor(5, TimeUnit.SECONDS)).isTrue();
    assertThat(node.exitValue()).isZero();
  }

  private static Process start(List<String> arguments, String flag) throws Exception {
    List<String> command = new ArrayList<>(Itself.command(arguments));
    // As the launcher does; what the demo starts gets the same.
    List<String> flags = new ArrayList<>(List.of(flag, "-Dguice_bytecode_gen_option=DISABLED"));
    if (Runtime.version().feature() >= 23) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(1, flags);
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
