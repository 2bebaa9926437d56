package dev.sallyport.harness.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.io.IOException;
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
  private static final int AT_A_TIME = Integer.getInteger("sallyport.classifications.parallel", 5);
  private static final int PORT = 3478;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Fabric fabric;

  @TempDir private Path folder = Path.of("");

  protected ClassificationContract(Fabric fabric) {
    this.fabric = fabric;
  }

  /** Those that the fabric can play. */
  protected abstract Stream<NatKind> kinds();

  private enum Observers {
    TWO("right"),
    ONE("honest");

    private final String demand;

    Observers(String demand) {
      this.demand = demand;
    }
  }

  @TestFactory
  Stream<DynamicTest> aProcess_findsOutWhichNatItIsBehind() throws Exception {
    return tests(Observers.TWO);
  }

  @TestFactory
  Stream<DynamicTest> withOneObserver_itIsNeverConfidentlyWrong() throws Exception {
    return tests(Observers.ONE);
  }

  private Stream<DynamicTest> tests(Observers observers) {
    ExecutorService pool = Executors.newFixedThreadPool(AT_A_TIME);
    List<DynamicTest> tests = new ArrayList<>();
    for (NatKind kind : kinds().toList()) {
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
      responders.add(observer(network, network.stunAddresses()));
      if (observers == Observers.TWO) {
        responders.add(observer(network, network.dhtAddresses().subList(0, 2)));
      }
      String outer =
          new Addresses(scenario)
              .nearOuter(Spot.CLIENT).stream()
                  .map(InetAddress::getHostAddress)
                  .collect(Collectors.joining(","));
      String stun =
          responders.stream()
              .map(r -> r.addresses().getFirst().getHostAddress() + ":" + PORT)
              .collect(Collectors.joining(","));
      return run(
          network,
          List.of(
              folder.resolve(name.replace(' ', '-')).toString(),
              kind.name(),
              observers.demand,
              outer,
              stun,
              "-"));
    } finally {
      responders.forEach(StunResponder::close);
    }
  }

  /** All that its threads open is in the middle too. */
  private static StunResponder observer(Network network, List<InetAddress> addresses)
      throws IOException, InterruptedException {
    return network.inside(Place.MIDDLE, () -> StunResponder.start(addresses, PORT));
  }

  private static List<String> run(Network network, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Dguice_bytecode_gen_option=DISABLED",
                "-cp",
                System.getProperty("java.class.path"),
                ClassificationProcess.class.getName()));
    command.addAll(arguments);
    Guest process =
        network.start(
            network.command(Place.CLIENT, command, Map.of()).redirectErrorStream(true));
    return new String(process.stdout().readAllBytes(), UTF_8).lines().toList();
  }
}
