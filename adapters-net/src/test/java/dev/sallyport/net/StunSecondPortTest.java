package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A quick survey looks from a second port too, where a server has one. */
class StunSecondPortTest {
  private final List<Observation> seen = new CopyOnWriteArrayList<>();

  @Test
  void aServerWithAnotherPort_looksWithThatToo() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.2", "127.0.0.3")) {
      assertThat(survey(observer.at(0, 0))).isEqualTo(new Survey(1, 1));
      assertThat(seen)
          .filteredOn(observation -> observation.transport() == Transport.TCP)
          .extracting(Observation::observer)
          .as("not at its other address")
          .containsExactly(observer.at(0, 0), observer.at(0, 1));
    }
  }

  @Test
  void anotherPortThatIsClosed_changesNothing() throws Exception {
    try (StunDouble server = new StunDouble()) {
      server.tcp =
          (request, client, out) ->
              out.send(
                  StunMessage.success(request.id(), client, null, Loopback.at(1), null).encode());
      assertThat(survey(server.endpoint())).isEqualTo(new Survey(1, 1));
      assertThat(seen).extracting(Observation::observer).containsOnly(server.endpoint());
    }
  }

  private Survey survey(Endpoint server) throws Exception {
    List<HostPort> servers = List.of(HostPort.parse(server.toString()));
    try (StunReflector reflector = new StunReflector(servers, new NameLookup(), false)) {
      return reflector
          .observe(Loopback.freePort(), seen::add)
          .toCompletableFuture()
          .get(20, TimeUnit.SECONDS);
    }
  }
}
