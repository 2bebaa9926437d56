package dev.sallyport.harness.nft;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Sandbox;
import dev.sallyport.harness.linux.Tools;
import dev.sallyport.harness.linux.Wire;
import dev.sallyport.harness.packet.SynLog;
import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Network namespaces, with the Linux kernel as the NAT. Needs root, iproute2, nftables and TUN. */
public final class NftFabric implements Fabric {
  private static final List<Tools.Tool> NFT = List.of(new Tools.Tool("nft", "nftables"));
  private static final List<Tools.Tool> COTURN = List.of(new Tools.Tool("turnserver", "coturn"));

  private static final List<Tools.Tool> LIBTORRENT =
      List.of(
          new Tools.Tool(
              "libtorrent for " + Tools.DEBIAN_PYTHON,
              "python3-libtorrent",
              List.of(Tools.DEBIAN_PYTHON, "-c", "import libtorrent")));

  @Override
  public String name() {
    return "nft";
  }

  @Override
  public @Nullable String missing(Scenario scenario) {
    for (Site site : List.of(scenario.client(), scenario.server())) {
      if (!site.nat().nftCanPlay()) {
        return "The kernel's NAT cannot be a "
            + site.nat().word()
            + " one; it can be "
            + NatKind.wordsForNft()
            + ".";
      }
    }
    List<Tools.Tool> tools = Tools.and(Tools.BASE, NFT);
    if (scenario.stun()) {
      tools = Tools.and(tools, COTURN);
    }
    if (scenario.dht() == DhtSoftware.LIBTORRENT) {
      tools = Tools.and(tools, LIBTORRENT);
    }
    return Tools.missing(tools);
  }

  @Override
  public Network build(Scenario scenario) throws FabricException, InterruptedException {
    Topology topology = Topology.of(scenario);
    Network network = null;
    try {
      network = plug(topology, Sandbox.open());
      if (scenario.client().online()) {
        PathCheck.await(network, Place.CLIENT);
      }
      if (scenario.server().online()) {
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
  private static Network plug(Topology topology, Sandbox sandbox)
      throws IOException, InterruptedException {
    try {
      sandbox.script(topology.script());
      for (SitePlan site : topology.sites()) {
        if (site.nat().translates()) {
          sandbox.run(
              List.of("ip", "netns", "exec", site.router(), "nft", "-f", "-"),
              topology.natRules(site).render());
        }
      }
      NetworkPath path = topology.scenario().path();
      SynLog syns = new SynLog();
      Wire wire =
          Wire.open(
              sandbox.netns(Topology.MIDDLE),
              topology.uplinks(),
              path.delayPerUplink(),
              path.lossPerUplink(),
              path.seed(),
              syns);
      return new NftNetwork(topology, sandbox, wire, syns);
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
}
