package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.rendezvous.Rendezvous.Presence;
import dev.sallyport.domain.session.DiscoveryEvent;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Looks around: joins the rendezvous, lists our addresses, recalls what is known of the network
 * they are of, asks every reflector about every port. What it finds it posts; {@code Surveyed}
 * comes once, when all are through.
 */
final class Discovery {
  private final Ports ports;
  private final List<Integer> punchPorts;
  private final Executor workers;
  private final Consumer<DiscoveryEvent> events;
  private final Consumer<Observation> observed;

  /**
   * @param observed takes observations, which strangers cause; the rest goes to {@code events}
   */
  Discovery(
      Ports ports,
      List<Integer> punchPorts,
      Executor workers,
      Consumer<DiscoveryEvent> events,
      Consumer<Observation> observed) {
    this.ports = ports;
    this.punchPorts = punchPorts;
    this.workers = workers;
    this.events = events;
    this.observed = observed;
  }

  void start() {
    workers.execute(
        () -> {
          List<InetAddress> addresses = ports.localAddresses().list();
          recall(addresses);
          events.accept(new DiscoveryEvent.AddressesListed(addresses));
        });
    ports
        .rendezvous()
        .join()
        .whenComplete(
            (presence, failure) ->
                events.accept(failure == null ? joined(presence) : joinFailed(failure)));
    List<CompletableFuture<?>> surveys = new ArrayList<>();
    for (Reflector reflector : ports.hostReflectors()) {
      surveys.add(observe(reflector, punchPorts.getFirst()));
    }
    for (int port : punchPorts) {
      for (Reflector reflector : ports.punchPortReflectors()) {
        surveys.add(observe(reflector, port));
      }
    }
    var unused =
        CompletableFuture.allOf(surveys.toArray(CompletableFuture[]::new))
            .whenComplete((all, failure) -> events.accept(new DiscoveryEvent.Surveyed()));
  }

  /** Lists our addresses again: they change when a laptop moves. */
  void listAddresses() {
    workers.execute(
        () -> {
          List<InetAddress> addresses = ports.localAddresses().list();
          events.accept(new DiscoveryEvent.AddressesListed(addresses));
        });
  }

  private void recall(List<InetAddress> addresses) {
    NetworkId network = NetworkId.of(addresses);
    Remembered memory =
        network == null ? null : ports.memory().recall(network, ports.clock().get());
    if (memory != null) {
      events.accept(new DiscoveryEvent.Recalled(memory));
    }
  }

  private CompletableFuture<?> observe(Reflector reflector, int port) {
    return reflector.observe(port, observed).toCompletableFuture().exceptionally(e -> null);
  }

  private static DiscoveryEvent joined(Presence presence) {
    return new DiscoveryEvent.Joined(presence.peers(), presence.took());
  }

  private static DiscoveryEvent joinFailed(Throwable failure) {
    return new DiscoveryEvent.JoinFailed(String.valueOf(Failures.of(failure).getMessage()));
  }
}
