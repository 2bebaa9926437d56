package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who is in the middle and tells others what it sees of them: two STUN servers, over TCP, and a DHT
 * node, over UDP.
 */
final class Middle {
  static final int STUN_PORT = 3478;
  static final int DHT_PORT = 6881;

  private static final int ANSWER_BYTES = 32;

  private final Map<InetAddress, TcpHost> hosts = new HashMap<>();
  private final List<Endpoint> stunServers = new ArrayList<>();
  private final Endpoint dhtNode;

  Middle(World world, NetModel net, boolean stun) {
    dhtNode = new Endpoint(net.addresses().dht(), DHT_PORT);
    TcpHost dht = add(world, net, dhtNode.address());
    dht.bindUdp(
        DHT_PORT,
        (from, length, body) -> dht.sendUdp(DHT_PORT, from, ANSWER_BYTES, from));
    for (InetAddress address : net.addresses().stun()) {
      stunServers.add(new Endpoint(address, STUN_PORT));
      if (stun) {
        add(world, net, address).listen(STUN_PORT, Middle::serve);
      }
    }
    // Where there are no servers, packets to them vanish, as in the kernel's lab.
    net.attach(Spot.MIDDLE, this::arrived);
  }

  List<Endpoint> stunServers() {
    return stunServers;
  }

  Endpoint dhtNode() {
    return dhtNode;
  }

  private TcpHost add(World world, NetModel net, InetAddress address) {
    TcpHost host =
        new TcpHost(
            address, world.time, world.part(), packet -> net.send(Spot.MIDDLE, packet));
    hosts.put(address, host);
    return host;
  }

  private void arrived(Packet packet) {
    TcpHost host = hosts.get(packet.destination());
    if (host != null) {
      host.receive(packet);
    }
  }

  private static void serve(TcpConnection connection) {
    connection.listen(
        new TcpListener() {
          @Override
          public void established() {}

          @Override
          public void failed(ConnectFailure why) {}

          @Override
          public void received(Object question) {
            connection.send(connection.remote(), ANSWER_BYTES);
          }

          @Override
          public void closed(boolean reset) {
            connection.close();
          }
        });
  }
}
