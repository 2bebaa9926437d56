package dev.sallyport.harness.tun;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.topology.NamespaceNetwork;
import dev.sallyport.harness.topology.Needs;
import dev.sallyport.harness.topology.Topology;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Network namespaces, with the network model between them: every kind of NAT, carriers, jitter and
 * reordering. Needs root, iproute2 and TUN. It carries TCP, UDP and the ICMP errors about them, and
 * nothing else: no ping, no fragments.
 */
public final class TunFabric implements Fabric {
  @Override
  public String name() {
    return "tun";
  }

  @Override
  public @Nullable String missing(Scenario scenario) {
    return Needs.missing(scenario, List.of());
  }

  @Override
  public Network build(Scenario scenario) throws FabricException, InterruptedException {
    return NamespaceNetwork.build(
        Topology.of(scenario, Topology.Nats.IN_WIRES),
        (topology, sandbox, syns) ->
            ModelTraffic.open(topology, sandbox.netns(Topology.MIDDLE), syns));
  }
}
