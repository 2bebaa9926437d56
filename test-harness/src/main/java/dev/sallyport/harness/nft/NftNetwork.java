package dev.sallyport.harness.nft;

import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.linux.Sandbox;
import dev.sallyport.harness.linux.Wire;
import dev.sallyport.harness.linux.WireReport;
import dev.sallyport.harness.packet.SynLog;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** A network of the {@link NftFabric}. */
record NftNetwork(Topology topology, Sandbox sandbox, Wire traffic, SynLog syns)
    implements Network {

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
    return topology.stunAddresses().stream().map(SitePlan::address).toList();
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
                  publicAddress(place).getHostAddress()));
    }
    for (SitePlan site : topology.sites()) {
      lines.add(
          "%-12s %-15s and %s, NAT: %s"
              .formatted(site.router(), site.lanAddress(), site.wanAddress(), site.nat().word()));
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
