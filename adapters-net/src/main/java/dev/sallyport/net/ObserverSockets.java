package dev.sallyport.net;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.net.ObserverPlaces.Place;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;

/** The sockets of an observer: for UDP and for TCP at each of its places. */
final class ObserverSockets implements Closeable {
  private static final int BACKLOG = 128;

  private final Map<Place, DatagramChannel> datagrams = new HashMap<>();
  private final Map<Place, ServerSocketChannel> listeners = new HashMap<>();

  private ObserverSockets() {}

  /**
   * @throws IOException saying in one sentence which of them cannot be had, and why
   */
  static ObserverSockets open(ObserverPlaces places) throws IOException {
    for (InetAddress address : places.addresses()) {
      if (!isOurs(address)) {
        throw new IOException(IpLiteral.format(address) + " is no address of this computer");
      }
    }
    ObserverSockets sockets = new ObserverSockets();
    try {
      for (Place place : places.all()) {
        sockets.listen(places, place);
        sockets.receive(places, place);
      }
      return sockets;
    } catch (IOException | RuntimeException e) {
      sockets.close();
      throw e;
    }
  }

  Map<Place, DatagramChannel> datagrams() {
    return datagrams;
  }

  Map<Place, ServerSocketChannel> listeners() {
    return listeners;
  }

  private void listen(ObserverPlaces places, Place place) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    listeners.put(place, channel);
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(places.bindAddress(place), BACKLOG);
    } catch (IOException e) {
      throw new IOException(PortHolder.explain(places.portOf(place), e), e);
    }
    channel.configureBlocking(false);
  }

  private void receive(ObserverPlaces places, Place place) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    datagrams.put(place, channel);
    try {
      channel.bind(places.bindAddress(place));
    } catch (IOException e) {
      throw new IOException(
          "cannot use UDP port " + places.portOf(place) + " (" + e.getMessage() + ")", e);
    }
    // So the kernel itself refuses to answer to a broadcast address.
    channel.setOption(StandardSocketOptions.SO_BROADCAST, false);
    channel.configureBlocking(false);
  }

  /** The whole of 127.0.0.0/8 is, whatever the interface says. */
  private static boolean isOurs(InetAddress address) throws IOException {
    return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
  }

  @Override
  public void close() {
    datagrams.values().forEach(Quietly::close);
    listeners.values().forEach(Quietly::close);
  }
}
