package dev.sallyport.harness.architecture.offenders.domain.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.Function;

@SuppressWarnings("AddressSelection")
public final class ResolvesNames {
  private ResolvesNames() {}

  public static InetAddress byName(String name) throws UnknownHostException {
    return InetAddress.getByName(name);
  }

  public static InetAddress[] allByName(String name) throws UnknownHostException {
    return InetAddress.getAllByName(name);
  }

  public static InetAddress localHost() throws UnknownHostException {
    return InetAddress.getLocalHost();
  }

  public static String canonicalName(InetAddress address) {
    return address.getCanonicalHostName();
  }

  public static String hostName(Inet6Address address) {
    return address.getHostName();
  }

  public static Function<InetAddress, String> hostNameByReference() {
    return InetAddress::getHostName;
  }

  public static InetSocketAddress socketAddress(String name) {
    return new InetSocketAddress(name, 1);
  }

  public static String socketHostName(InetSocketAddress address) {
    return address.getHostName();
  }
}
