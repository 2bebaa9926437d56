package dev.sallyport.harness.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.cli.Main;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.model.Addresses;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.net.StunResponder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real process behind each kind of NAT finds out which it is, with observers on the open
 * Internet. Most of it is waiting, so several are at it at a time.
 *
 * <p>{@code -Dsallyport.classifications=20} repeats each so often, every second time over a path
 * with a round trip of 200 ms and a loss of 1 %.
 */
@ExtendWith(LabNeeds.class)
public abstract class ClassificationContract {
  private static final int REPEATS = Integer.getInteger("sallyport.classifications", 1);
  private static final int AT_A_TIME = Integer.getInteger("sallyport.classifications.parallel", 10);
  private static final int PORT = 3478;
  private static final int DHT_PORT = 6881;
  private static final int DHT_NODES = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Fabric fabric;

  @TempDir private Path folder = Path.of("");

  protected ClassificationContract(Fabric fabric) {
    this.fabric = fabric;
  }

  /** Those that the fabric can play. */
  protected abstract Stream<NatKind> kinds();

  /** Who is on the open Internet, and what can be demanded of a diagnosis then. */
  protected enum Observers {
    /** Every field is right. */
    TWO(2, Depth.THOROUGH, "right"),
    /** What is called certain is right. */
    ONE(1, Depth.FULL, "honest"),
    /** The same. */
    DHT_ALONE(0, Depth.FULL, "honest");

    private final int stun;
    private final Depth depth;
    private final String demand;

    Observers(int stun, Depth depth, String demand) {
      this.stun = stun;
      this.depth = depth;
      this.demand = demand;
    }
  }

  @TestFactory
  Stream<DynamicTest> aProcess_findsOutWhichNatItIsBehind() throws Exception {
    return tests(Observers.TWO, kinds());
  }

  protected final Stream<DynamicTest> tests(Observers observers, Stream<NatKind> kinds) {
    ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
    List<DynamicTest> tests = new ArrayList<>();
    for (NatKind kind : kinds.toList()) {
      for (int i = 0; i < REPEATS; i++) {
        NetworkPath path =
            i % 2 == 0
                ? new NetworkPath(Duration.ofMillis(40), 0, i)
                : new NetworkPath(Duration.ofMillis(200), 1, i);
        String name = kind + " " + path.roundTrip().toMillis() / 2 + " ms #" + i;
        Future<List<String>> said = pool.submit(() -> classify(kind, path, observers, name));
        tests.add(
            DynamicTest.dynamicTest(
                name,
                () -> {
                  List<String> lines =
                      said.get(PATIENCE.toMillis() * tests.size(), TimeUnit.MILLISECONDS);
                  String as = String.join("\n", lines);
                  System.out.println(name + " " + lines.getLast());
                  assertThat(lines.getLast()).as(as).startsWith(ClassificationProcess.END);
                  assertThat(lines)
                      .as(as)
                      .noneMatch(line -> line.startsWith(ClassificationProcess.WRONG));
                }));
      }
    }
    pool.shutdown();
    return tests.stream();
  }

  private List<String> classify(NatKind kind, NetworkPath path, Observers observers, String name)
      throws Exception {
    Scenario scenario = Scenario.between(kind, NatKind.NONE).over(path);
    List<StunResponder> responders = new ArrayList<>();
    try (Network network = fabric.build(scenario)) {
      List<List<InetAddress>> places =
          List.of(network.stunAddresses(), network.dhtAddresses().subList(0, 2));
      for (List<InetAddress> addresses : places.subList(0, observers.stun)) {
        responders.add(observer(network, addresses));
      }
      return run(
          network,
          List.of(
              folder.resolve(name.replace(' ', '-')).toString(),
              kind.name(),
              observers.demand,
              observers.depth.name(),
              words(new Addresses(scenario).nearOuter(Spot.CLIENT).stream(), ""),
              words(responders.stream().map(r -> r.addresses().getFirst()), ":" + PORT),
              observers == Observers.DHT_ALONE ? dhtNodes(network) : "-"));
    } finally {
      responders.forEach(StunResponder::close);
    }
  }

  private static String words(Stream<InetAddress> addresses, String port) {
    String words =
        addresses.map(address -> address.getHostAddress() + port).collect(Collectors.joining(","));
    return words.isEmpty() ? "-" : words;
  }

  /** Starts some, and tells where to find the first two. */
  private static String dhtNodes(Network network) throws IOException {
    List<InetAddress> addresses = network.dhtAddresses().subList(0, DHT_NODES);
    List<String> command = java(Main.class);
    command.addAll(
        List.of("dht-node", "--port", "" + DHT_PORT, "--bind", words(addresses.stream(), "")));
    Guest nodes =
        network.start(network.command(Place.MIDDLE, command, Map.of()).redirectErrorStream(true));
    String ready = new BufferedReader(new InputStreamReader(nodes.stdout(), UTF_8)).readLine();
    assertThat(ready).startsWith("ready");
    return words(addresses.subList(0, 2).stream(), ":" + DHT_PORT);
  }

  /** All that its threads open is in the middle too. */
  private static StunResponder observer(Network network, List<InetAddress> addresses)
      throws IOException, InterruptedException {
    return network.inside(Place.MIDDLE, () -> StunResponder.start(addresses, PORT));
  }

  private static List<String> run(Network network, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = java(ClassificationProcess.class);
    command.addAll(arguments);
    Guest process =
        network.start(network.command(Place.CLIENT, command, Map.of()).redirectErrorStream(true));
    return new String(process.stdout().readAllBytes(), UTF_8).lines().toList();
  }

  private static List<String> java(Class<?> main) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-Dguice_bytecode_gen_option=DISABLED",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName()));
  }
}
