package dev.sallyport.harness.tun;

import dev.sallyport.harness.linux.Netns;
import dev.sallyport.harness.linux.Prefix;
import dev.sallyport.harness.linux.Tally;
import dev.sallyport.harness.linux.Traffic;
import dev.sallyport.harness.linux.TunLoop;
import dev.sallyport.harness.linux.WireReport;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.PacketCodec;
import dev.sallyport.harness.packet.SynLog;
import dev.sallyport.harness.topology.SitePlan;
import dev.sallyport.harness.topology.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Takes real packets through the network model, and hands the kernel what comes out of it. */
record ModelTraffic(TunLoop loop, Tally tally) implements Traffic {
  /** How much may be under way: with packets of 1500 bytes, 64 MiB and a little. */
  private static final int MAX_UNDER_WAY = 45_000;

  /** Opens the sites' TUN devices in the middle, and starts. */
  static ModelTraffic open(Topology topology, Netns middle, SynLog syns)
      throws IOException, InterruptedException {
    Tally tally = new Tally();
    List<String> devices = topology.sites().stream().map(SitePlan::wireDevice).toList();
    return new ModelTraffic(
        TunLoop.open(middle, devices, out -> new Work(topology, syns, tally, out)), tally);
  }

  @Override
  public WireReport report() {
    return tally.report();
  }

  @Override
  public void close() {
    loop.close();
  }

  private static final class Work implements TunLoop.Work {
    private final List<Inside> sites;
    private final List<InetAddress> server;
    private final Tally tally;
    private final TunLoop.Devices devices;
    private final Agenda agenda = new Agenda(System::nanoTime);
    private final NetModel model;

    private Work(Topology topology, SynLog syns, Tally tally, TunLoop.Devices devices) {
      this.sites = topology.sites().stream().map(Inside::of).toList();
      this.server =
          Stream.concat(
                  Stream.of(topology.address(Topology.Host.SERVER)),
                  topology.ipv6Address(Topology.Host.SERVER).stream())
              .map(SitePlan::address)
              .toList();
      this.tally = tally;
      this.devices = devices;
      this.model = NetModel.of(topology.scenario(), agenda, new SynWatch(syns, tally));
      int serverSite = topology.sites().indexOf(topology.site(Topology.Host.SERVER));
      model.attach(Spot.CLIENT, packet -> write(0, packet));
      model.attach(Spot.SERVER, packet -> write(serverSite, packet));
      // The middle has routes for what is its own, whichever device that comes in by.
      model.attach(Spot.MIDDLE, packet -> write(0, packet));
    }

    @Override
    public void take(int device, byte[] bytes) {
      agenda.catchUp();
      Packet packet = PacketCodec.decode(bytes);
      if (packet == null) {
        return;
      }
      if (agenda.size() >= MAX_UNDER_WAY) {
        tally.overflowed();
        return;
      }
      model.send(sender(device, packet.source()), packet);
    }

    @Override
    public long deliver() {
      return agenda.catchUp();
    }

    private Spot sender(int device, InetAddress source) {
      if (!sites.get(device).has(source)) {
        return Spot.MIDDLE;
      }
      // On a shared network both hosts are at the first site.
      return device > 0 || (sites.size() == 1 && server.contains(source))
          ? Spot.SERVER
          : Spot.CLIENT;
    }

    private void write(int device, Packet packet) {
      tally.carried(agenda.lateness());
      devices.write(device, PacketCodec.encode(packet));
    }
  }

  /**
   * What packets of a site's own come from.
   *
   * @param lans the networks of the hosts, the router's addresses in them included
   * @param router the router's address on the other side
   */
  private record Inside(List<Prefix> lans, InetAddress router) {
    static Inside of(SitePlan site) {
      return new Inside(site.lans(), SitePlan.address(site.forwarder()));
    }

    /** Whether it is on the hosts' network, or the router itself. */
    boolean has(InetAddress source) {
      return lans.stream().anyMatch(lan -> lan.contains(source)) || router.equals(source);
    }
  }
}
