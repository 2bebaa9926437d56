package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.app.Secrets;
import dev.sallyport.app.storage.IdentityStore;
import dev.sallyport.dht.DhtConfig;
import dev.sallyport.dht.DhtNodes;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.rendezvous.DayKeys;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The only node of a DHT, or whoever listens on its line, has seen a service register and a caller
 * find it, knock and get through.
 */
@Timeout(60)
class WiretapTest {
  private static final JdkSealer SEALER = new JdkSealer();

  @TempDir Path home;

  @Test
  void whoStoresOurItems_learnsNeitherTheId_norWhoWeAre_norWhereWeListen() throws Exception {
    var address = Objects.requireNonNull(IpLiteral.parse("127.0.0.2"));
    DhtConfig config = new DhtConfig(List.of(), 0, List.of(address), null, null, false);
    Interrupts stop = new Interrupts();
    try (DhtNodes nodes = DhtNodes.start(config, SEALER, event -> {});
        Wiretap tap = new Wiretap(nodes.nodes().getFirst().local())) {
      TestConsole service = console("service");
      CompletableFuture<Integer> serving =
          CompletableFuture.supplyAsync(
              () ->
                  run(
                      service,
                      stop,
                      tap,
                      "serve",
                      "--name",
                      "ada's backup",
                      "--echo",
                      "--json",
                      "--advertise",
                      "203.0.113.77:4567"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> service.out().contains("\"registered\"") || serving.isDone());
      ServiceId id = id(service);
      assertThat(
              run(
                  console("caller"),
                  new Interrupts(),
                  tap,
                  "connect",
                  id + "",
                  "--message",
                  "the message",
                  "--timeout",
                  "20s"))
          .isZero();
      stop.interrupt();
      assertThat(serving.get(10, TimeUnit.SECONDS)).isZero();

      byte[] heard = tap.heard();
      DayKeys today = DayKeys.of(id, DayKeys.toTry(Instant.now()).getFirst(), SEALER);
      Secrets visible =
          new Secrets()
              .bytes("slot", today.slot().topic().key().toByteArray())
              .bytes("mailbox", today.mailbox().topic().key().toByteArray());
      assertThat(visible.foundIn(heard)).as("what a node has to see").contains("slot", "mailbox");
      Secrets secrets =
          new Secrets()
              .bytes("id", id.toByteArray())
              .bytes("service's identity", key("service").toByteArray())
              .bytes("caller's identity", key("caller").toByteArray())
              .bytes("advertised address", new byte[] {(byte) 203, 0, 113, 77})
              .text("advertised address as text", "203.0.113.77")
              .text("name", "ada's backup")
              .text("message", "the message");
      assertThat(secrets.foundIn(heard)).isEmpty();
    }
  }

  private int run(TestConsole console, Interrupts stop, Wiretap tap, String... arguments) {
    List<String> whole = new ArrayList<>(List.of(arguments));
    whole.addAll(List.of("--no-stun", "--bootstrap", tap.at() + ""));
    return new Cli(console.console(), stop, () -> 0).run(whole);
  }

  private static ServiceId id(TestConsole service) throws Exception {
    String line =
        service.out().lines().filter(l -> l.contains("\"registered\"")).findFirst().orElseThrow();
    return ServiceId.parse(JsonText.object(line).get("id") + "");
  }

  private PublicKey32 key(String who) throws Exception {
    Path file = home.resolve(who).resolve("sallyport/identity.pem");
    return new IdentityStore(file, SEALER, new SecureRandom()).loadOrCreate().identity().key();
  }

  private TestConsole console(String who) {
    String own = home.resolve(who).toString();
    return TestConsole.pipes(
        new ByteArrayInputStream(new byte[0]),
        Map.of("XDG_CONFIG_HOME", own, "XDG_CACHE_HOME", own));
  }
}
