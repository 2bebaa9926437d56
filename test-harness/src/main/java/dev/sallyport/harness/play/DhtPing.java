package dev.sallyport.harness.play;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Asks a DHT node how many others it would name (BEP 5), without becoming one itself (BEP 43). */
final class DhtPing {
  private static final int TIMEOUT_MILLIS = 500;
  private static final int NODE_BYTES = 26;
  private static final String QUERY =
      "d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node2:roi1e1:t2:aa1:y1:qe";
  private static final String NODES = "5:nodes";

  private DhtPing() {}

  /**
   * How many nodes the node at this address names, 0 to 8; fewer mean that it knows no more. It is
   * asked from an address that is not its own.
   *
   * @throws SocketTimeoutException if no answer comes
   */
  static int nodesKnownTo(InetSocketAddress node, InetAddress from) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      byte[] query = QUERY.getBytes(StandardCharsets.ISO_8859_1);
      socket.send(new DatagramPacket(query, query.length, node));
      DatagramPacket reply = new DatagramPacket(new byte[2048], 2048);
      socket.receive(reply);
      return nodesIn(
          new String(reply.getData(), 0, reply.getLength(), StandardCharsets.ISO_8859_1));
    }
  }

  /** Reads the one length that matters; anything else counts as no nodes. */
  static int nodesIn(String reply) {
    int key = reply.indexOf(NODES);
    if (key < 0) {
      return 0;
    }
    int start = key + NODES.length();
    int colon = reply.indexOf(':', start);
    if (colon < 0 || !reply.substring(start, colon).matches("[0-9]{1,4}")) {
      return 0;
    }
    int bytes = Integer.parseInt(reply.substring(start, colon));
    return colon + 1 + bytes <= reply.length() ? bytes / NODE_BYTES : 0;
  }
}
