package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class DhtReflectorTest {
  private final List<Observation> seen = new CopyOnWriteArrayList<>();

  @Test
  void nodesTell_whatTheySeeOfUs() throws Exception {
    try (TestNetwork network = TestNetwork.of(5);
        DhtNode node = DhtNode.start(network.clientConfig(), SEALER);
        DhtReflector reflector = new DhtReflector(node)) {
      Survey survey = await(reflector.observe(8765, seen::add));
      assertThat(survey.answered()).isGreaterThanOrEqualTo(3);
      assertThat(seen).hasSize(survey.answered());
      assertThat(seen)
          .allSatisfy(
              observation -> {
                assertThat(observation.observed()).isEqualTo(node.local());
                assertThat(observation.localPort()).isEqualTo(node.local().port());
                assertThat(observation.transport()).isEqualTo(Transport.UDP);
                assertThat(observation.source()).isEqualTo(Observation.Source.DHT);
              });
    }
  }

  @Test
  void knownFromJoining_nobodyIsAskedAgain() throws Exception {
    try (TestNetwork network = TestNetwork.of(5);
        DhtNode node = DhtNode.start(network.clientConfig(), SEALER);
        DhtReflector reflector = new DhtReflector(node)) {
      await(node.join());
      network.nodes().forEach(DhtNode::close);
      Survey survey = await(reflector.observe(8765, seen::add));
      assertThat(survey.answered()).isEqualTo(survey.asked()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void nobodyThere_endsWithNothing() throws Exception {
    DhtConfig config = DhtConfig.of(List.of(HostPort.parse("127.1.1.1:9")));
    try (DhtNode node = DhtNode.start(config, SEALER)) {
      assertThat(await(new DhtReflector(node).observe(8765, seen::add)))
          .isEqualTo(new Survey(0, 0));
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void closedMeanwhile_endsAllTheSame() throws Exception {
    DhtConfig config = DhtConfig.of(List.of(HostPort.parse("127.1.1.1:9")));
    DhtNode node = DhtNode.start(config, SEALER);
    DhtReflector reflector = new DhtReflector(node);
    CompletionStage<Survey> underway = reflector.observe(8765, seen::add);
    node.close();
    assertThat(await(underway)).isEqualTo(new Survey(0, 0));
    assertThat(await(reflector.observe(8765, seen::add))).isEqualTo(new Survey(0, 0));
  }
}
