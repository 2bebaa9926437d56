package dev.sallyport.harness;

import static dev.sallyport.harness.scenario.NatKind.FULL_CONE;
import static dev.sallyport.harness.scenario.NatKind.NONE;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED_RST;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.net.StunResponder;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real {@code sallyport nat}, as its user sees it behind the kernel's NATs. */
@ExtendWith(LabNeeds.class)
final class NatCommandIT {
  private static final int PORT = 3478;
  private static final int PATIENCE_SECONDS = 60;

  @TempDir private Path folder;

  private record Said(int exit, String text) {}

  static List<NatKind> kinds() {
    return List.of(NONE, FULL_CONE, PORT_RESTRICTED_RST, SYMMETRIC);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theReport_namesTheNatRightly(NatKind kind) throws Exception {
    Said said = nat(kind, true, "--with", "port-restricted");

    assertThat(said.exit).as(said.text).isZero();
    assertThat(said.text)
        .contains("NAT type    " + name(kind))
        .contains("works with  peer's NAT")
        .contains("with        port-restricted")
        .contains("also tried to get in");
    if (kind.translates()) {
      assertThat(said.text).contains("192.168.10.10", kind.mapping().words());
    }
  }

  @Test
  void json_hasTheWordsOfTheRfc() throws Exception {
    Said said = nat(PORT_RESTRICTED_RST, true, "--json");

    assertThat(said.exit).as(said.text).isZero();
    assertThat(said.text)
        .contains("\"mapping\":{\"tcp\":\"endpoint-independent\",\"udp\":\"endpoint-independent\"}")
        .contains("\"filtering\":{\"tcp\":\"address-and-port-dependent\",")
        .contains("\"allocation\":\"preserving\"", "\"types\":[\"port-restricted-rst\"]")
        .hasLineCount(1);
  }

  @Test
  void whereNobodyAnswers_itSaysSo_andEndsWith3() throws Exception {
    Said said = nat(SYMMETRIC, false);

    assertThat(said.exit).as(said.text).isEqualTo(3);
    assertThat(said.text).contains("nobody outside answers").doesNotContain("symmetric", "%");
  }

  private static String name(NatKind kind) {
    return switch (kind) {
      case NONE -> "open Internet";
      case FULL_CONE -> "full cone";
      case SYMMETRIC -> "symmetric";
      default -> "port restricted cone";
    };
  }

  /** What it prints on standard output. */
  private Said nat(NatKind kind, boolean answered, String... options) throws Exception {
    List<StunResponder> observers = new ArrayList<>();
    try (Network network = new NftFabric().build(Scenario.between(kind, NONE).delayMillis(25))) {
      List<List<InetAddress>> places =
          List.of(network.stunAddresses(), network.dhtAddresses().subList(0, 2));
      AppCommand sallyport = AppCommand.locate();
      List<String> command = new ArrayList<>(sallyport.words());
      command.addAll(List.of("nat", "--rendezvous", "file:" + folder));
      for (List<InetAddress> place : places) {
        if (answered) {
          observers.add(network.inside(Place.MIDDLE, () -> StunResponder.start(place, PORT)));
        }
        command.addAll(List.of("--stun", place.getFirst().getHostAddress() + ":" + PORT));
      }
      command.addAll(List.of(options));
      Guest process =
          network.start(
              network
                  .command(Place.CLIENT, command, sallyport.environment())
                  .redirectError(ProcessBuilder.Redirect.DISCARD));
      String text = new String(process.stdout().readAllBytes(), UTF_8);
      return new Said(process.exit().get(PATIENCE_SECONDS, TimeUnit.SECONDS), text);
    } finally {
      observers.forEach(StunResponder::close);
    }
  }
}
