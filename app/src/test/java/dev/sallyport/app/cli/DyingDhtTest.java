package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.dht.DhtConfig;
import dev.sallyport.dht.DhtNode;
import dev.sallyport.dht.DhtNodes;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.JdkSealer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole program over loopback, while the DHT that it stands on dies in parts. */
@Timeout(90)
class DyingDhtTest {
  private static final int NODES = 16;
  private static final int REMEMBERED = 100;

  @TempDir Path home;

  private final Interrupts stopService = new Interrupts();
  private final Random random = new Random(5);
  private final List<DatagramSocket> silent = new ArrayList<>();
  private DhtNodes dht;
  private List<String> bootstrap;
  private TestConsole service;
  private CompletableFuture<Integer> serving;

  @BeforeEach
  void serve() throws Exception {
    // Other tests of this machine keep to other networks.
    String network =
        "127.%d.%d.".formatted(20 + random.nextInt(200), ProcessHandle.current().pid() % 250);
    List<InetAddress> addresses =
        IntStream.rangeClosed(1, NODES).mapToObj(i -> address(network + i)).toList();
    DhtConfig config = DhtConfig.of(List.of()).withBind(addresses).withReadOnly(false);
    dht = DhtNodes.start(config, new JdkSealer(), event -> {});
    bootstrap = dht.nodes().subList(0, 2).stream().map(node -> node.local().toString()).toList();
    service = console("service");
    serving = CompletableFuture.supplyAsync(() -> run(service, stopService, serveArguments()));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> service.out().contains("\"registered\"") || serving.isDone());
  }

  @AfterEach
  void stop() throws Exception {
    stopService.interrupt();
    serving.get(10, TimeUnit.SECONDS);
    dht.close();
    silent.forEach(DatagramSocket::close);
  }

  @Test
  void halfTheNodesDie_afterTheServiceRegistered_aCallGetsThrough() {
    halfOfTheNodesDie();
    assertThatACallGetsThrough("caller");
  }

  @Test
  void halfTheNodesDie_thatACallerRemembers_itsNextCallGetsThrough() throws Exception {
    assertThatACallGetsThrough("caller");
    assertThat(Files.readAllLines(cache("caller"))).hasSizeGreaterThan(NODES / 2);
    halfOfTheNodesDie();
    assertThatACallGetsThrough("caller");
  }

  @Test
  void everyNodeThatACallerRemembers_isSilent_theBootstrapNodesLeadIn() throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add("sallyport dht nodes 1");
    lines.add("network " + String.join(",", bootstrap.stream().sorted().toList()));
    for (int i = 0; i < REMEMBERED; i++) {
      byte[] id = new byte[20];
      random.nextBytes(id);
      DatagramSocket socket = new DatagramSocket(0, address("127.0.0.1"));
      silent.add(socket);
      lines.add(HexFormat.of().formatHex(id) + " 127.0.0.1:" + socket.getLocalPort());
    }
    Files.createDirectories(cache("caller").getParent());
    Files.write(cache("caller"), lines);
    assertThatACallGetsThrough("caller");
    // They are not remembered for ever.
    assertThat(Files.readAllLines(cache("caller")))
        .doesNotContainAnyElementsOf(lines.subList(2, lines.size()));
  }

  /** Every second one; so the first of the two bootstrap nodes, too. */
  private void halfOfTheNodesDie() {
    List<DhtNode> nodes = dht.nodes();
    for (int i = 0; i < nodes.size(); i += 2) {
      nodes.get(i).close();
    }
  }

  private void assertThatACallGetsThrough(String who) {
    TestConsole caller = console(who);
    String id =
        JsonText.object(
                    service
                        .out()
                        .lines()
                        .filter(l -> l.contains("\"registered\""))
                        .findFirst()
                        .orElseThrow())
                .get("id")
            + "";
    int code =
        run(caller, new Interrupts(), List.of("connect", id, "--message", "hello", "--no-stun"));
    assertThat(code).as(caller.err()).isZero();
    assertThat(caller.out()).isEqualTo("hello\n");
  }

  private List<String> serveArguments() {
    int port = freePort();
    return List.of(
        "serve",
        "--echo",
        "--json",
        "--no-stun",
        "--port",
        port + "",
        "--advertise",
        "127.0.0.1:" + port);
  }

  private int run(TestConsole console, Interrupts interrupts, List<String> arguments) {
    List<String> whole = new ArrayList<>(arguments);
    bootstrap.forEach(node -> whole.addAll(List.of("--bootstrap", node)));
    return new Cli(console.console(), interrupts, () -> 0).run(whole);
  }

  private TestConsole console(String who) {
    String own = home.resolve(who).toString();
    return TestConsole.pipes(
        InputStream.nullInputStream(), Map.of("XDG_CONFIG_HOME", own, "XDG_CACHE_HOME", own));
  }

  private Path cache(String who) {
    return home.resolve(who).resolve("sallyport/dht-nodes");
  }

  private static InetAddress address(String text) {
    InetAddress address = IpLiteral.parse(text);
    if (address == null) {
      throw new IllegalArgumentException(text);
    }
    return address;
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
