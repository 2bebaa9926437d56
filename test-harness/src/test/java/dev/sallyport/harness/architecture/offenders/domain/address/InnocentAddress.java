package dev.sallyport.harness.architecture.offenders.domain.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Uses addresses as the values they are. */
public record InnocentAddress(InetAddress address) {
  public static InnocentAddress of(byte[] raw) throws UnknownHostException {
    return new InnocentAddress(InetAddress.getByAddress(raw));
  }

  public String text() {
    return address.getHostAddress();
  }

  public InetSocketAddress withPort(int port) {
    return new InetSocketAddress(address, port);
  }
}
