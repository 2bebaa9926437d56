package dev.sallyport.harness.fabric;

import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.linux.WireReport;
import dev.sallyport.harness.packet.SynLog;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A network, built from a scenario. Closing it ends every process in it and leaves nothing behind;
 * so does the death of this JVM. Safe for use by several threads.
 */
public interface Network extends AutoCloseable {
  /** The site number of the client in {@link #syns}. */
  int CLIENT_SITE = 0;

  /** The site number of the server in {@link #syns}. */
  int SERVER_SITE = 1;

  /** A command that runs in a place, not yet started, with this environment and little else. */
  ProcessBuilder command(Place place, List<String> command, Map<String, String> environment);

  /** Starts what {@link #command} has made. */
  Guest start(ProcessBuilder command) throws IOException;

  /** Runs Java code in a place: sockets that it makes belong there for ever. Waits for it. */
  <T> T inside(Place place, Callable<T> task) throws IOException, InterruptedException;

  /** The host's own address; of the middle, one that neither DHT nodes nor STUN servers use. */
  InetAddress address(Place place);

  /** The global address of IPv6 that the place has besides, if any. */
  Optional<InetAddress> ipv6Address(Place place);

  /** The name of a place: of its network namespace, where it has one. */
  String name(Place place);

  /** The address that the middle sees a host come from. */
  InetAddress publicAddress(Place place);

  /** The addresses of the middle that DHT nodes are to use, all distinct. */
  List<InetAddress> dhtAddresses();

  /**
   * The addresses of the middle that STUN servers are to use: two, and two of IPv6 if any host has
   * that.
   */
  List<InetAddress> stunAddresses();

  /** The SYNs between the two sites. */
  SynLog syns();

  /** What the wire has done so far. */
  WireReport wire();

  /** What is where, and how to get in: for people, line by line. */
  List<String> describe();

  @Override
  void close();
}
