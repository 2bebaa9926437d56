package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.net.DialBack;
import dev.sallyport.net.ObserverProbe;
import dev.sallyport.net.Vantage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ObserveTest {
  @Test
  void observer_answersUntilInterrupted_andEndsWell() throws Exception {
    TestConsole console = TestConsole.pipes();
    Interrupts interrupts = new Interrupts();
    int port = freePair();
    List<String> arguments =
        List.of("observe", "--port", "" + port, "--bind", "127.0.0.1,127.0.0.2", "--json");
    CompletableFuture<Integer> ended =
        CompletableFuture.supplyAsync(
            () -> new Cli(console.console(), interrupts, () -> 0).run(arguments));
    await().until(() -> console.out().contains("\n"));
    assertThat(JsonText.object(console.out().strip()))
        .containsEntry("event", "ready")
        .containsEntry("places", List.of("127.0.0.1:" + port, "127.0.0.2:" + port));

    ObserverProbe.Sighting seen =
        ObserverProbe.ask(
            0,
            Endpoint.parse("127.0.0.1:" + port),
            List.of(Vantage.OTHER_ADDRESS),
            Duration.ofSeconds(20));
    assertThat(seen.observed()).isEqualTo(Endpoint.parse("127.0.0.1:" + seen.localPort()));
    assertThat(seen.dialBacks())
        .extracting(DialBack::outcome)
        .containsExactly(DialBack.Outcome.REFUSED);

    interrupts.interrupt();
    assertThat(ended.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(console.out())
        .endsWith("{\"event\":\"stopped\",\"atMs\":0,\"why\":\"the observer has ended\"}\n");
  }

  @Test
  void portOfAnother_isALocalProblem_andSoIsAnAddressOfAnother() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = Math.min(taken.getLocalPort(), 65534);
      TestConsole console = TestConsole.pipes();
      assertThat(run(console, "--port", "" + port, "--bind", "127.0.0.1")).isEqualTo(7);
      assertThat(console.err()).contains("port ").contains("is taken").doesNotContain("Exception");
    }
    TestConsole console = TestConsole.pipes();
    assertThat(run(console, "--bind", "192.0.2.1")).isEqualTo(7);
    assertThat(console.err())
        .contains("192.0.2.1 is no address of this computer")
        .doesNotContain("Exception");
  }

  private static int run(TestConsole console, String... arguments) {
    List<String> all = new ArrayList<>(List.of("observe"));
    all.addAll(List.of(arguments));
    return new Cli(console.console(), new Interrupts(), () -> 0).run(all);
  }

  /** A port that is free, and the next one as well, a moment ago. */
  private static int freePair() throws IOException {
    while (true) {
      try (ServerSocket first = new ServerSocket(0);
          ServerSocket second = new ServerSocket(first.getLocalPort() + 1)) {
        assertThat(second.isBound()).isTrue();
        return first.getLocalPort();
      } catch (IOException | IllegalArgumentException e) {
        // The next one was taken: another pair.
      }
    }
  }
}
