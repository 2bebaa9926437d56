package dev.sallyport.harness.nft;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.linux.Sandbox;
import dev.sallyport.harness.linux.Tools;
import dev.sallyport.harness.linux.Traffic;
import dev.sallyport.harness.linux.Wire;
import dev.sallyport.harness.packet.SynLog;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.topology.NamespaceNetwork;
import dev.sallyport.harness.topology.Needs;
import dev.sallyport.harness.topology.SitePlan;
import dev.sallyport.harness.topology.Topology;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Network namespaces, with the Linux kernel as the NAT. Needs root, iproute2, nftables and TUN. */
public final class NftFabric implements Fabric {
  private static final List<Tools.Tool> NFT = List.of(new Tools.Tool("nft", "nftables"));

  @Override
  public String name() {
    return "nft";
  }

  @Override
  public @Nullable String missing(Scenario scenario) {
    String beyond = beyond(scenario);
    return beyond == null ? Needs.missing(scenario, NFT) : beyond + "; tun can: add --fabric tun.";
  }

  /** What of a scenario this fabric cannot play, or null if it can play everything. */
  private static @Nullable String beyond(Scenario scenario) {
    for (Site site : List.of(scenario.client(), scenario.server())) {
      if (!site.nat().nftCanPlay()) {
        return "The kernel's NAT cannot be a "
            + site.nat().word()
            + " one, only "
            + NatKind.wordsForNft();
      }
      if (site.carrier().isPresent()) {
        return "The fabric nft cannot play carrier-grade NATs";
      }
      if (site.memory().isPresent()) {
        return "The fabric nft cannot play NATs that forget sooner than the kernel's";
      }
    }
    NetworkPath path = scenario.path();
    if (!path.jitter().isZero() || path.reorderPercent() > 0) {
      return "The fabric nft cannot play jitter and reordering";
    }
    return null;
  }

  @Override
  public Network build(Scenario scenario) throws FabricException, InterruptedException {
    return NamespaceNetwork.build(Topology.of(scenario, Topology.Nats.IN_ROUTERS), NftFabric::plug);
  }

  private static Traffic plug(Topology topology, Sandbox sandbox, SynLog syns)
      throws IOException, InterruptedException {
    for (SitePlan site : topology.sites()) {
      if (site.nat().translates()) {
        load(sandbox, site, NatRules.of(topology, site).render());
      }
      if (site.ipv6() == Ipv6.FIREWALL) {
        load(sandbox, site, FirewallRules.TEXT);
      }
    }
    NetworkPath path = topology.scenario().path();
    return Wire.open(
        sandbox.netns(Topology.MIDDLE),
        topology.uplinks(),
        path.delayPerUplink(),
        path.lossPerUplink(),
        path.seed(),
        syns);
  }

  private static void load(Sandbox sandbox, SitePlan site, String rules)
      throws IOException, InterruptedException {
    sandbox.run(List.of("ip", "netns", "exec", site.router(), "nft", "-f", "-"), rules);
  }
}
