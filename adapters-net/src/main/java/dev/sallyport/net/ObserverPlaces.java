package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an observer listens: port N and N+1 on every address of the host, on one, or on two (RFC
 * 5780 section 6: the same two ports on both).
 *
 * @param addresses none for every address of the host, or one, or two of one family
 * @param port N, 1 to 65534
 */
record ObserverPlaces(List<InetAddress> addresses, int port) {

  /**
   * One of them.
   *
   * @param address index of its address; 0 also for that which stands for all
   * @param second whether it is port N+1
   */
  record Place(int address, boolean second) {}

  ObserverPlaces {
    addresses = addresses.stream().map(a -> IpLiteral.of(a.getAddress())).toList();
    if (port < 1 || port > 65534) {
      throw new IllegalArgumentException(
          "an observer needs two ports, N and N+1; expected an N from 1 to 65534, not " + port);
    }
    if (addresses.size() > 2) {
      throw new IllegalArgumentException(
          "an observer needs one or two addresses, not " + addresses.size());
    }
    for (InetAddress address : addresses) {
      AddressScope scope = AddressScope.of(address);
      if (scope == AddressScope.UNSPECIFIED || scope == AddressScope.MULTICAST) {
        throw new IllegalArgumentException(
            IpLiteral.format(address) + " is not the address of one computer");
      }
    }
    if (addresses.size() == 2) {
      if (addresses.getFirst().equals(addresses.getLast())) {
        throw new IllegalArgumentException(
            IpLiteral.format(addresses.getFirst()) + " stands there twice");
      }
      if (AddressFamily.of(addresses.getFirst()) != AddressFamily.of(addresses.getLast())) {
        throw new IllegalArgumentException(
            "an observer's two addresses are both IPv4 or both IPv6, for it answers from one what"
                + " the other was asked");
      }
    }
  }

  List<Place> all() {
    List<Place> all = new ArrayList<>();
    for (int address = 0; address < Math.max(1, addresses.size()); address++) {
      all.add(new Place(address, false));
      all.add(new Place(address, true));
    }
    return all;
  }

  int portOf(Place place) {
    return place.second ? port + 1 : port;
  }

  /** What to bind. */
  InetSocketAddress bindAddress(Place place) {
    return addresses.isEmpty()
        ? new InetSocketAddress(portOf(place))
        : new InetSocketAddress(addresses.get(place.address), portOf(place));
  }

  /** Null if it is every address of the host. */
  @Nullable Endpoint endpoint(Place place) {
    return addresses.isEmpty() ? null : new Endpoint(addresses.get(place.address), portOf(place));
  }

  /** The place that differs as asked; null if there is no other address. */
  @Nullable Place changed(Place place, boolean address, boolean port) {
    if (address && addresses.size() < 2) {
      return null;
    }
    return new Place(address ? 1 - place.address : place.address, place.second != port);
  }

  /** The other address and port, as OTHER-ADDRESS has it; null without another address. */
  @Nullable Endpoint other(Place place) {
    Place other = changed(place, true, true);
    return other == null ? null : endpoint(other);
  }

  /** The other address; null if there is none. */
  @Nullable InetAddress otherAddress(Place place) {
    return addresses.size() < 2 ? null : addresses.get(1 - place.address);
  }
}
