package dev.sallyport.domain.address;

import java.net.Inet4Address;
import java.net.InetAddress;

/** The two Internet protocols an endpoint can belong to. */
public enum AddressFamily {
  IPV4,
  IPV6;

  public static AddressFamily of(InetAddress address) {
    return address instanceof Inet4Address ? IPV4 : IPV6;
  }
}
