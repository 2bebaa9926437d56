package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.model.Addresses;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Who is in the middle and tells others what it sees of them: two STUN servers, over TCP and UDP on
 * two ports each (RFC 5780), and a DHT node, over UDP.
 */
final class Middle {
  static final int STUN_PORT = 3478;
  static final int OTHER_STUN_PORT = 3479;
  static final int DHT_PORT = 6881;

  private static final int ANSWER_BYTES = 32;

  private final List<Endpoint> stunServers = new ArrayList<>();
  private final Endpoint dhtNode;

  /**
   * Where there are to be no STUN servers, packets to them vanish.
   *
   * @param stun whether there are STUN servers
   */
  Middle(Hosts hosts, Addresses addresses, boolean stun) {
    dhtNode = new Endpoint(addresses.dht(), DHT_PORT);
    TcpHost dht = hosts.inTheMiddle(dhtNode.address());
    dht.bindUdp(DHT_PORT, (from, length, body) -> dht.sendUdp(DHT_PORT, from, ANSWER_BYTES, from));
    for (InetAddress address : addresses.stun()) {
      stunServers.add(new Endpoint(address, STUN_PORT));
      if (stun) {
        TcpHost server = hosts.inTheMiddle(address);
        serve(server, STUN_PORT);
        serve(server, OTHER_STUN_PORT);
      }
    }
  }

  /** Their main ports. */
  List<Endpoint> stunServers() {
    return stunServers;
  }

  /** The other port of a server, which it names in its answers (RFC 5780 OTHER-ADDRESS). */
  static Endpoint otherPort(Endpoint server) {
    return new Endpoint(server.address(), OTHER_STUN_PORT);
  }

  Endpoint dhtNode() {
    return dhtNode;
  }

  private static void serve(TcpHost server, int port) {
    server.listen(port, Middle::serve);
    server.bindUdp(port, (from, length, body) -> server.sendUdp(port, from, ANSWER_BYTES, from));
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
