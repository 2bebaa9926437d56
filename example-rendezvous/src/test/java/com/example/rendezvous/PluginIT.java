package com.example.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.play.AppCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real sallyport.jar, started as its launcher does, with this example's jar as a plugin. */
@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PluginIT {
  private static final String SERVICES =
      "META-INF/services/dev.sallyport.app.wiring.RendezvousModule";

  @TempDir Path home;

  @Test
  void serviceAndCaller_meetAtABoard_thoughAnotherBoardIsGone() throws Exception {
    install(exampleJar());
    InetAddress loopback = InetAddress.getLoopbackAddress();
    int port = freePort();
    try (Board board = new Board(new InetSocketAddress(loopback, 0))) {
      String here = "board:http://127.0.0.1:" + board.port();
      String gone = "board:http://127.0.0.1:" + freePort();
      Process service =
          start(
              "serve",
              "--echo",
              "--json",
              "--until-eof",
              "--no-stun",
              "--port",
              port + "",
              "--advertise",
              "127.0.0.1:" + port,
              "--rendezvous",
              gone,
              "--rendezvous",
              here);
      try (BufferedReader events = service.inputReader(StandardCharsets.UTF_8)) {
        String registered =
            events.lines().filter(l -> l.contains("\"event\":\"registered\"")).findFirst().get();
        assertThat(registered).contains("--rendezvous " + gone + " --rendezvous " + here);
        String id = registered.replaceFirst(".*\"id\":\"([^\"]+)\".*", "$1");

        Ended call =
            run(
                "connect",
                id,
                "--message",
                "over the board",
                "--no-stun",
                "--rendezvous",
                gone,
                "--rendezvous",
                here);

        assertThat(call.code()).as(call.err()).isZero();
        assertThat(call.out()).isEqualTo("over the board\n");
        assertThat(call.err()).contains("turning to " + here);
        service.outputWriter().close();
        assertThat(service.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(service.exitValue()).isZero();
      } finally {
        service.destroyForcibly();
      }
    }
  }

  @Test
  void boardThatIsGone_orNone_isSaid() throws Exception {
    install(exampleJar());
    String id = "0123456789abcdef0123456789abcdef01234567";
    String gone = "board:http://127.0.0.1:" + freePort();

    Ended lookup = run("lookup", id, "--rendezvous", gone);
    assertThat(lookup.code()).isEqualTo(3);
    assertThat(lookup.err()).contains("nobody answers at the board").doesNotContain("\tat ");

    Ended wrong = run("lookup", id, "--rendezvous", "board:here");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("\"here\" is no board; expected for example board:http://");
  }

  @Test
  void brokenPlugin_isNamedInOneSentence() throws Exception {
    Path jar = home.resolve("plugins/broken.jar");
    Files.createDirectories(jar.getParent());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry(SERVICES));
      out.write("com.example.Missing\n".getBytes(StandardCharsets.UTF_8));
    }

    Ended lookup = run("lookup", "0123456789abcdef0123456789abcdef01234567");

    assertThat(lookup.code()).isEqualTo(7);
    assertThat(lookup.err())
        .contains("a plugin cannot be loaded", jar.toString(), "com.example.Missing not found")
        .doesNotContain("Exception")
        .doesNotContain("\tat ")
        .hasLineCount(1);
  }

  private record Ended(int code, String out, String err) {}

  private Ended run(String... arguments) throws Exception {
    Path err = Files.createTempFile(home, "err", ".txt");
    Process process = builder(arguments).redirectError(err.toFile()).start();
    process.outputWriter().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), out, Files.readString(err));
  }

  private Process start(String... arguments) throws Exception {
    return builder(arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private ProcessBuilder builder(String... arguments) throws Exception {
    AppCommand command = AppCommand.locate();
    List<String> words = new ArrayList<>(command.words());
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().putAll(command.environment());
    builder.environment().put("SALLYPORT_PLUGINS", home.resolve("plugins").toString());
    builder.environment().put("XDG_CONFIG_HOME", home.resolve("config").toString());
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
    return builder;
  }

  private void install(Path jar) throws IOException {
    Path plugins = Files.createDirectories(home.resolve("plugins"));
    Files.copy(jar, plugins.resolve(jar.getFileName()));
  }

  private static Path exampleJar() throws IOException {
    Path target = Path.of(System.getProperty("sallyport.home"), "example-rendezvous", "target");
    try (Stream<Path> files = Files.list(target)) {
      return files.filter(f -> f.getFileName().toString().endsWith(".jar")).findFirst().get();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }
}
