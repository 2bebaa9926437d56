package dev.sallyport.harness.linux;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A TUN device, opened: what the kernel routes to it is read here, and what is written here comes
 * in by it (Linux, {@code Documentation/networking/tuntap.rst}). Never waits. For one thread at a
 * time.
 */
final class Tun implements Closeable {
  private static final long TUNSETIFF = 0x400454caL;
  private static final short IFF_TUN = 1;
  private static final short IFF_NO_PI = 0x1000;
  private static final int IFREQ_BYTES = 40;
  private static final int IFNAMSIZ = 16;
  private static final int MAX_PACKET = 65_536;

  private final int fd;
  private final Memory buffer = new Memory(MAX_PACKET);

  private Tun(int fd) {
    this.fd = fd;
  }

  /** Opens the device of this name in the namespace of the calling thread; makes it if need be. */
  static Tun open(String device) throws IOException {
    if (device.length() >= IFNAMSIZ) {
      throw new IllegalArgumentException("a device's name has at most 15 bytes: " + device);
    }
    int fd =
        Libc.check(
            "open /dev/net/tun",
            Libc.open("/dev/net/tun", Libc.O_RDWR | Libc.O_NONBLOCK | Libc.O_CLOEXEC));
    try (Memory request = new Memory(IFREQ_BYTES)) {
      request.clear();
      request.setString(0, device, StandardCharsets.US_ASCII.name());
      request.setShort(IFNAMSIZ, (short) (IFF_TUN | IFF_NO_PI));
      Libc.check("TUNSETIFF " + device, Libc.ioctl(fd, TUNSETIFF, request));
      return new Tun(fd);
    } catch (IOException | RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  int fd() {
    return fd;
  }

  /** The next packet, or null if none is there. */
  byte @Nullable [] read() {
    long count = Libc.read(fd, buffer, MAX_PACKET);
    return count > 0 ? buffer.getByteArray(0, (int) count) : null;
  }

  /** Hands a packet to the kernel. One that it refuses is lost, as on any network. */
  void write(byte[] packet) {
    Libc.write(fd, packet, packet.length);
  }

  @Override
  public void close() {
    Libc.close(fd);
    buffer.close();
  }
}
