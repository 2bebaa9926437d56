package dev.sallyport.harness.sim;

import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.Scheduler;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.tcp.TcpHost;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The hosts on a network: the two of its scenario, and as many in the middle as are asked for.
 * Packets to an address of the middle where no host is vanish, as in the kernel's lab.
 *
 * <p>For one thread: the scheduler's.
 */
public final class Hosts {
  private final NetModel net;
  private final Scheduler scheduler;
  private final Supplier<RandomGenerator> chance;
  private TcpHost client;
  private final TcpHost server;
  private final Map<InetAddress, TcpHost> middle = new HashMap<>();
  private final Set<InetAddress> cutOff = new HashSet<>();

  /**
   * Attaches the two hosts, and whoever will be in the middle.
   *
   * @param chance gives each host a generator of its own: first the client, then the server, then
   *     those in the middle in the order in which they are asked for
   */
  public Hosts(NetModel net, Scheduler scheduler, Supplier<RandomGenerator> chance) {
    this.net = net;
    this.scheduler = scheduler;
    this.chance = chance;
    this.client = attach(net, Spot.CLIENT);
    this.server = attach(net, Spot.SERVER);
    net.attach(Spot.MIDDLE, this::arrivedInTheMiddle);
  }

  /** The host that calls. */
  public TcpHost client() {
    return client;
  }

  /** The host that is called. */
  public TcpHost server() {
    return server;
  }

  /**
   * The host with this public address, which is there from the first time it is asked for.
   *
   * @throws IllegalArgumentException for an address that is not of the middle
   */
  public TcpHost inTheMiddle(InetAddress address) {
    if (!net.addresses().isMiddle(address)) {
      throw new IllegalArgumentException(
          address.getHostAddress() + " is not between 198.18.0.0 and 198.18.2.255");
    }
    return middle.computeIfAbsent(
        address,
        mine ->
            new TcpHost(mine, scheduler, chance.get(), packet -> net.send(Spot.MIDDLE, packet)));
  }

  /** Whoever calls comes back after a power cut, with a kernel that knows of no connection. */
  TcpHost clientAnew() {
    client.cutOff();
    client = attach(net, Spot.CLIENT);
    return client;
  }

  /** From now on what is sent to this address of the middle vanishes. */
  void cutOff(InetAddress address) {
    cutOff.add(address);
  }

  /** What is sent there arrives again. */
  void connectAgain(InetAddress address) {
    cutOff.remove(address);
  }

  /**
   * One more host that calls.
   *
   * @param line what {@link NetModel#withCaller} made of this network
   */
  TcpHost caller(NetModel line) {
    return attach(line, Spot.CLIENT);
  }

  private TcpHost attach(NetModel line, Spot spot) {
    List<InetAddress> addresses = new ArrayList<>(List.of(line.addresses().host(spot)));
    line.addresses().ipv6(spot).ifPresent(addresses::add);
    TcpHost host =
        new TcpHost(addresses, scheduler, chance.get(), packet -> line.send(spot, packet));
    line.attach(spot, host::receive);
    return host;
  }

  private void arrivedInTheMiddle(Packet packet) {
    TcpHost host = middle.get(packet.destination());
    if (host != null && !cutOff.contains(packet.destination())) {
      host.receive(packet);
    }
  }
}
