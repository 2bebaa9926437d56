package dev.sallyport.harness.tun;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.linux.Tools;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Somebody else's opinion of the model's NATs: coturn's NAT discovery (RFC 5780) asks coturn's STUN
 * server in the middle, and calls each kind what RFC 4787 calls it. UDP only: it knows no other.
 */
@ExtendWith({LabNeeds.class, OracleTunIT.OracleNeeds.class})
final class OracleTunIT {
  private static final String ORACLE = "turnutils_natdiscovery";
  private static final int STUN_PORT = 3478;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern VERDICT =
      Pattern.compile("NAT with ([A-Za-z ]+ (?:Mapping|Filtering))!");

  @TempDir private Path folder = Path.of("");

  /** The tool is in another program than the server, though in the same package. */
  static final class OracleNeeds implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      String missing = Tools.missing(List.of(new Tools.Tool(ORACLE, "coturn")));
      if (missing != null) {
        LabNeeds.skip(context, missing);
      }
    }
  }

  static Stream<NatKind> kinds() {
    return Arrays.stream(NatKind.values()).filter(NatKind::translates);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aKind_isCalledWhatItIs_byCoturn(NatKind kind) throws Exception {
    try (Network network = new TunFabric().build(Scenario.between(kind, NatKind.NONE))) {
      startServer(network);
      // Each question has a socket of its own: what one has sent would open the filter for another.
      assertThat(verdict(network, "-m"))
          .isEqualTo(words(kind.behavior().udpMapping()) + " Mapping");
      assertThat(verdict(network, "-f"))
          .isEqualTo(words(kind.behavior().udpFiltering()) + " Filtering");
    }
  }

  private static String words(Behavior behavior) {
    return switch (behavior) {
      case ENDPOINT_INDEPENDENT -> "Endpoint Independent";
      case ADDRESS_DEPENDENT -> "Address Dependent";
      case ADDRESS_AND_PORT_DEPENDENT -> "Address and Port Dependent";
    };
  }

  /** Two addresses, and two ports on each: without, it could not answer from elsewhere. */
  private void startServer(Network network) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("turnserver", "-n", "--stun-only", "--no-tls", "--no-dtls"));
    command.addAll(List.of("--no-cli", "--no-auth", "--listening-port", "" + STUN_PORT));
    for (InetAddress address : network.stunAddresses()) {
      command.addAll(List.of("--listening-ip", address.getHostAddress()));
    }
    command.addAll(List.of("--log-file", "stdout", "--simple-log"));
    command.addAll(List.of("--pidfile", folder.resolve("stun.pid").toString()));
    command.addAll(List.of("--userdb", folder.resolve("stun.db").toString()));
    network.start(
        network
            .command(Place.MIDDLE, command, Map.of())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("stun.log").toFile()));
    for (InetAddress address : network.stunAddresses()) {
      for (int port = STUN_PORT; port <= STUN_PORT + 1; port++) {
        InetSocketAddress server = new InetSocketAddress(address, port);
        await()
            .atMost(PATIENCE)
            .ignoreExceptionsInstanceOf(IOException.class)
            .until(() -> network.inside(Place.MIDDLE, () -> accepts(server)));
      }
    }
  }

  private static boolean accepts(InetSocketAddress server) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server, 1000);
      return true;
    }
  }

  /** What the client's host is told; all that was said, if that is no verdict. */
  private static String verdict(Network network, String question) throws Exception {
    List<String> command =
        List.of(
            ORACLE,
            question,
            "-L",
            network.address(Place.CLIENT).getHostAddress(),
            network.stunAddresses().getFirst().getHostAddress());
    Guest oracle =
        network.start(network.command(Place.CLIENT, command, Map.of()).redirectErrorStream(true));
    String said = new String(oracle.stdout().readAllBytes(), UTF_8);
    Matcher verdict = VERDICT.matcher(said);
    return verdict.find() ? verdict.group(1) : said;
  }
}
