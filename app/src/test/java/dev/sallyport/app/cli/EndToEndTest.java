package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.dht.DhtConfig;
import dev.sallyport.dht.DhtNodes;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.JdkSealer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program in one JVM: a private DHT, a service and callers, over loopback. */
@Timeout(60)
class EndToEndTest {
  @TempDir Path home;

  private final Interrupts stopService = new Interrupts();
  private @Nullable DhtNodes dht;
  private String bootstrap = "";

  @BeforeEach
  void startDht() throws Exception {
    InetAddress address = Objects.requireNonNull(IpLiteral.parse("127.0.0.2"));
    DhtConfig config = new DhtConfig(List.of(), 0, List.of(address), null, null, false);
    DhtNodes nodes = DhtNodes.start(config, new JdkSealer(), event -> {});
    dht = nodes;
    bootstrap = nodes.nodes().getFirst().local().toString();
  }

  @AfterEach
  void stopDht() {
    if (dht != null) {
      dht.close();
    }
  }

  @Test
  void service_isFoundCalledAndEchoes_inWordsAndInJson_andEndsInOrder() throws Exception {
    TestConsole service = console("service", "");
    CompletableFuture<Integer> serving = serve(service);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> service.out().contains("\"registered\"") || serving.isDone());
    String id = field(service, "registered", "id");

    TestConsole words = console("caller", "");
    assertThat(run(words, "connect", id, "--message", "hello", "--no-stun")).isZero();
    assertThat(words.out()).isEqualTo("hello\n");
    assertThat(words.err()).contains("found ", "connected ", "closed ");

    TestConsole json = console("caller", "one\ntwo\n");
    assertThat(run(json, "connect", id, "--json", "--no-stun")).isZero();
    assertThat(json.out().lines().map(l -> JsonText.object(l).get("event")))
        .contains("joined", "network", "found", "rung", "connected", "message", "closed");
    assertThat(field(json, "message", "text")).isEqualTo("one");

    TestConsole reported = console("caller", "");
    Path page = home.resolve("call.html");
    assertThat(
            run(
                reported,
                "connect",
                id,
                "--message",
                "hi",
                "--no-stun",
                "--sequential",
                "--report",
                page.toString()))
        .isZero();
    assertThat(reported.err()).contains("report      how it went: " + page);
    assertThat(page).content().contains(id, "Connected, direct, to ", "WELCOME");

    TestConsole looked = console("caller", "");
    assertThat(run(looked, "lookup", id)).isZero();
    assertThat(looked.out()).contains(id, "127.0.0.1", "advertised by its user", "good until");

    stopService.interrupt();
    assertThat(serving.get(5, TimeUnit.SECONDS)).isZero();
    assertThat(service.out()).contains("\"stopped\"");
  }

  @Test
  void unknownId_isNotFound_andSilentDhtIsUnreachable() {
    String unknown = "00".repeat(20);
    TestConsole console = console("caller", "");
    assertThat(run(console, "lookup", unknown)).isEqualTo(4);
    assertThat(console.err()).contains("no service has registered this id");

    TestConsole silent = console("caller", "");
    bootstrap = "127.0.0.3:9";
    assertThat(run(silent, "lookup", unknown, "--timeout", "10s")).isEqualTo(3);
    assertThat(silent.err()).contains("127.0.0.3:9");
  }

  @Test
  void portThatIsTaken_isALocalProblem() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      TestConsole console = console("service", "");

      int code = run(console, "serve", "--no-stun", "--port", taken.getLocalPort() + "");

      assertThat(code).isEqualTo(7);
      assertThat(console.err()).contains(taken.getLocalPort() + "").doesNotContain("Exception");
    }
  }

  @Test
  void callerWhoIsNotOnTheList_isRefused_untilSomebodyAddsHisKey() throws Exception {
    TestConsole asked = console("caller", "");
    assertThat(run(asked, "id", "--json")).isZero();
    String key = String.valueOf(JsonText.object(asked.out().strip()).get("key"));
    Path allowed = Files.writeString(home.resolve("callers.txt"), "# nobody yet\n");
    Files.setPosixFilePermissions(allowed, PosixFilePermissions.fromString("rw-------"));
    TestConsole service = console("service", "");
    CompletableFuture<Integer> serving = serve(service, "--allow", allowed.toString());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> service.out().contains("\"registered\"") || serving.isDone());
    String id = field(service, "registered", "id");

    TestConsole refused = console("caller", "");
    assertThat(run(refused, "connect", id, "--message", "hello", "--no-stun")).isEqualTo(6);
    assertThat(refused.err())
        .contains("the service does not allow this caller", "sallyport id")
        .doesNotContain("connected ");

    Files.writeString(allowed, key + "  the laptop\n");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> service.out().contains("the allow list has changed"));
    TestConsole welcome = console("caller", "");
    assertThat(run(welcome, "connect", id, "--message", "hello", "--no-stun")).isZero();
    assertThat(welcome.out()).isEqualTo("hello\n");
    stopService.interrupt();
    assertThat(serving.get(5, TimeUnit.SECONDS)).isZero();
  }

  private CompletableFuture<Integer> serve(TestConsole console, String... more) throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(
        0,
        List.of(
            "serve",
            "--echo",
            "--json",
            "--no-stun",
            "--port",
            port + "",
            "--advertise",
            "127.0.0.1:" + port,
            "--bootstrap",
            bootstrap));
    return CompletableFuture.supplyAsync(
        () -> new Cli(console.console(), stopService, () -> 0).run(arguments));
  }

  private int run(TestConsole console, String... arguments) {
    List<String> whole = new ArrayList<>(List.of(arguments));
    if (!whole.getFirst().equals("id")) {
      whole.addAll(List.of("--bootstrap", bootstrap));
    }
    return new Cli(console.console(), new Interrupts(), () -> 0).run(whole);
  }

  private TestConsole console(String who, String input) {
    InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    String own = home.resolve(who).toString();
    return TestConsole.pipes(in, Map.of("XDG_CONFIG_HOME", own, "XDG_CACHE_HOME", own));
  }

  private static String field(TestConsole console, String event, String key) {
    return console
        .out()
        .lines()
        .map(JsonText::object)
        .filter(e -> event.equals(e.get("event")))
        .map(e -> e.get(key) + "")
        .findFirst()
        .orElseThrow(
            () -> new AssertionError("no " + event + " in\n" + console.out() + console.err()));
  }
}
