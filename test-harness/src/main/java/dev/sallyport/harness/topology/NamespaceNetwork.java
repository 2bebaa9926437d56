package dev.sallyport.harness.topology;

import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.linux.Sandbox;
import dev.sallyport.harness.linux.Traffic;
import dev.sallyport.harness.linux.WireReport;
import dev.sallyport.harness.packet.SynLog;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A network of namespaces, built by a {@link Topology}'s script. Thread-safe. */
public record NamespaceNetwork(Topology topology, Sandbox sandbox, Traffic traffic, SynLog syns)
    implements Network {

  /** What a fabric does to the namespaces before the first packet. */
  public interface Plug {
    /**
     * Makes the NATs and starts what carries packets between the TUN devices.
     *
     * @param syns to be told of the SYNs between the sites
     */
    Traffic plug(Topology topology, Sandbox sandbox, SynLog syns)
        throws IOException, InterruptedException;
  }

  /**
   * Builds a network, and waits until packets get from its hosts to the middle and back.
   *
   * @throws FabricException if the machine refuses
   */
  public static Network build(Topology topology, Plug plug)
      throws FabricException, InterruptedException {
    Network network = null;
    try {
      network = open(topology, plug);
      if (topology.scenario().client().online()) {
        PathCheck.await(network, Place.CLIENT);
      }
      if (topology.scenario().server().online()) {
        PathCheck.await(network, Place.SERVER);
      }
      return network;
    } catch (IOException e) {
      close(network);
      throw new FabricException("The lab's network could not be built: " + e.getMessage(), e);
    } catch (FabricException | InterruptedException | RuntimeException e) {
      close(network);
      throw e;
    }
  }

  /** Everything up to the first packet. */
  private static Network open(Topology topology, Plug plug)
      throws IOException, InterruptedException {
    Sandbox sandbox = Sandbox.open();
    try {
      sandbox.script(topology.script());
      SynLog syns = new SynLog();
      return new NamespaceNetwork(topology, sandbox, plug.plug(topology, sandbox, syns), syns);
    } catch (IOException | InterruptedException | RuntimeException e) {
      sandbox.close();
      throw e;
    }
  }

  private static void close(@Nullable Network network) {
    if (network != null) {
      network.close();
    }
  }

  @Override
  public ProcessBuilder command(
      Place place, List<String> command, Map<String, String> environment) {
    return sandbox.command(name(place), command, environment);
  }

  @Override
  public Guest start(ProcessBuilder command) throws IOException {
    return Sandbox.start(command);
  }

  @Override
  public <T> T inside(Place place, Callable<T> task) throws IOException, InterruptedException {
    return sandbox.netns(name(place)).call(task);
  }

  @Override
  public InetAddress address(Place place) {
    return SitePlan.address(
        switch (place) {
          case CLIENT -> topology.address(Topology.Host.CLIENT);
          case SERVER -> topology.address(Topology.Host.SERVER);
          case MIDDLE -> topology.middleAddress();
        });
  }

  @Override
  public Optional<InetAddress> ipv6Address(Place place) {
    Optional<String> literal =
        switch (place) {
          case CLIENT -> topology.ipv6Address(Topology.Host.CLIENT);
          case SERVER -> topology.ipv6Address(Topology.Host.SERVER);
          case MIDDLE -> topology.ipv6MiddleAddress();
        };
    return literal.map(SitePlan::address);
  }

  @Override
  public InetAddress publicAddress(Place place) {
    return switch (place) {
      case CLIENT -> SitePlan.address(topology.publicAddress(Topology.Host.CLIENT));
      case SERVER -> SitePlan.address(topology.publicAddress(Topology.Host.SERVER));
      case MIDDLE -> address(place);
    };
  }

  @Override
  public List<InetAddress> dhtAddresses() {
    return topology.dhtAddresses().stream().map(SitePlan::address).toList();
  }

  @Override
  public List<InetAddress> stunAddresses() {
    return Stream.concat(topology.stunAddresses().stream(), topology.ipv6StunAddresses().stream())
        .map(SitePlan::address)
        .toList();
  }

  @Override
  public WireReport wire() {
    return traffic.report();
  }

  @Override
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (Place place : Place.values()) {
      lines.add(
          "%-12s %-15s seen as %s"
                  .formatted(
                      name(place),
                      address(place).getHostAddress(),
                      publicAddress(place).getHostAddress())
              + ipv6Address(place).map(ipv6 -> ", " + ipv6.getHostAddress()).orElse(""));
    }
    for (SitePlan site : topology.sites()) {
      lines.add(
          "%-12s %-15s and %s"
              .formatted(site.router(), site.lanAddress(), topology.outerWords(site)));
    }
    return lines;
  }

  @Override
  public void close() {
    traffic.close();
    sandbox.close();
  }

  @Override
  public String name(Place place) {
    return switch (place) {
      case CLIENT -> topology.namespace(Topology.Host.CLIENT);
      case SERVER -> topology.namespace(Topology.Host.SERVER);
      case MIDDLE -> Topology.MIDDLE;
    };
  }
}
