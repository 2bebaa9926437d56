package dev.sallyport.harness.play;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.scenario.Scenario;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * What the Internet has besides routers: DHT nodes, one process for all, ours or libtorrent's, and
 * STUN servers, one coturn with two addresses of each family and two ports on each, so that it can
 * answer from elsewhere (RFC 5780).
 */
final class Middle {
  static final int DHT_PORT = 6881;
  static final int STUN_PORT = 3478;

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int ENOUGH_NODES = 8;
  private static final int BOOTSTRAP_NODES = 2;

  private Middle() {}

  /**
   * Starts them, and returns when they are of use.
   *
   * @param scenario says of whose nodes, and whether there are STUN servers
   * @throws FabricException saying which of them did not come up, and where its log is
   */
  static void start(Network network, AppCommand command, Workspace workspace, Scenario scenario)
      throws FabricException, IOException, InterruptedException {
    Nodes nodes =
        switch (scenario.dht()) {
          case MLDHT -> startOurs(network, command, workspace);
          case LIBTORRENT -> startLibtorrents(network, workspace);
        };
    if (scenario.stun()) {
      startStun(network, workspace);
    }
    InetAddress observer = network.address(Place.MIDDLE);
    for (InetAddress address : network.dhtAddresses().subList(0, BOOTSTRAP_NODES)) {
      InetSocketAddress node = new InetSocketAddress(address, DHT_PORT);
      Poll.until(
          () -> {
            requireAlive(nodes.alive().getAsBoolean(), "The DHT nodes", nodes.log());
            return network.inside(Place.MIDDLE, () -> DhtPing.nodesKnownTo(node, observer))
                >= ENOUGH_NODES;
          },
          PATIENCE,
          "The DHT nodes did not find each other; their log is " + nodes.log());
    }
  }

  private record Nodes(BooleanSupplier alive, Path log) {}

  private static Nodes startOurs(Network network, AppCommand command, Workspace workspace)
      throws IOException {
    List<String> addresses =
        network.dhtAddresses().stream().map(InetAddress::getHostAddress).toList();
    AppProcess nodes =
        AppProcess.start(
            network,
            Place.MIDDLE,
            command,
            List.of("dht-node", "--port", "" + DHT_PORT, "--bind", String.join(",", addresses)),
            workspace.home("dht"),
            workspace.log("dht"));
    return new Nodes(nodes::isAlive, nodes.log());
  }

  private static Nodes startLibtorrents(Network network, Workspace workspace) throws IOException {
    Path log = workspace.log("dht");
    ProcessBuilder command =
        LibtorrentNodes.command(network, workspace.folder(), network.dhtAddresses(), DHT_PORT)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    return new Nodes(network.start(command)::isAlive, log);
  }

  private static void requireAlive(boolean alive, String who, Object log) throws FabricException {
    if (!alive) {
      throw new FabricException(who + " ended at once; their log is " + log);
    }
  }

  private static void startStun(Network network, Workspace workspace)
      throws FabricException, IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("turnserver", "-n", "--stun-only"));
    command.addAll(List.of("--no-tls", "--no-dtls", "--no-cli", "--no-auth"));
    command.addAll(List.of("--listening-port", "" + STUN_PORT));
    for (InetAddress address : network.stunAddresses()) {
      command.addAll(List.of("--listening-ip", address.getHostAddress()));
    }
    command.addAll(List.of("--log-file", "stdout", "--simple-log"));
    command.addAll(List.of("--pidfile", workspace.folder().resolve("stun.pid").toString()));
    command.addAll(List.of("--userdb", workspace.folder().resolve("stun.db").toString()));
    File log = workspace.log("stun").toFile();
    Guest coturn =
        network.start(
            network
                .command(Place.MIDDLE, command, Map.of())
                .redirectErrorStream(true)
                .redirectOutput(log));
    for (InetAddress address : network.stunAddresses()) {
      InetSocketAddress server = new InetSocketAddress(address, STUN_PORT);
      Poll.until(
          () -> {
            requireAlive(coturn.isAlive(), "The STUN servers", log);
            return network.inside(Place.MIDDLE, () -> accepts(server));
          },
          PATIENCE,
          "The STUN servers did not start; their log is " + log);
    }
  }

  private static boolean accepts(InetSocketAddress server) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, 1000);
      return true;
    }
  }

  /** The options that lead {@code serve} and {@code connect} here. */
  static List<String> options(Network network) {
    List<String> options = new ArrayList<>(bootstrap(network));
    for (InetAddress address : network.stunAddresses()) {
      options.addAll(List.of("--stun", new Endpoint(address, STUN_PORT).toString()));
    }
    return options;
  }

  /** Those of them that lead to the DHT. */
  static List<String> bootstrap(Network network) {
    List<String> options = new ArrayList<>();
    for (InetAddress address : network.dhtAddresses().subList(0, BOOTSTRAP_NODES)) {
      options.addAll(List.of("--bootstrap", address.getHostAddress() + ":" + DHT_PORT));
    }
    return options;
  }
}
