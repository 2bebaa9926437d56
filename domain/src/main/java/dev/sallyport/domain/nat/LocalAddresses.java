package dev.sallyport.domain.nat;

import java.net.InetAddress;
import java.util.List;

/** Port: the addresses of this host that a peer could dial. */
public interface LocalAddresses {

  /**
   * The routable addresses of interfaces that are up, the most promising first: the one the default
   * route uses, then other IPv4, then IPv6: the one that packets leave from, then permanent before
   * temporary. No loopback, link-local, container, bridge or virtual-machine addresses. Empty
   * without any network. May take milliseconds; never looks up a name.
   */
  List<InetAddress> list();
}
