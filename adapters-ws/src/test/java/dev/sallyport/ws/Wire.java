package dev.sallyport.ws;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

/** The kinds of channel that links are tried on. */
enum Wire {
  /** Whatever was written is read in one piece. */
  MEMORY,
  /** Every read gives one byte. */
  BYTE_BY_BYTE,
  /** Every read gives between one and 5000 bytes. */
  RAGGED,
  /** The kernel's TCP. */
  LOOPBACK;

  /** Both ends of a connection. */
  record Ends(SecureChannel caller, SecureChannel service) {}

  Ends open() {
    return switch (this) {
      case MEMORY -> memory(64 << 10);
      case BYTE_BY_BYTE -> {
        Ends ends = memory(64 << 10);
        yield new Ends(new Cut(ends.caller, () -> 1), new Cut(ends.service, () -> 1));
      }
      case RAGGED -> {
        Ends ends = memory(9999);
        Random random = new Random(7);
        Cut caller = new Cut(ends.caller, () -> 1 + random.nextInt(5000));
        yield new Ends(caller, new Cut(ends.service, () -> 1 + random.nextInt(5000)));
      }
      case LOOPBACK -> loopback();
    };
  }

  static Ends memory(int capacity) {
    MemoryChannel caller = MemoryChannel.open(capacity);
    return new Ends(caller, caller.peer());
  }

  static Ends loopback() {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Socket caller = new Socket(listener.getInetAddress(), listener.getLocalPort());
      Socket service = listener.accept();
      return new Ends(new SocketChannel(caller), new SocketChannel(service));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many bytes the next read may give. */
  interface Cuts {
    int next();
  }

  /** A channel whose reads are cut short. */
  static final class Cut extends Delegate {
    private final Cuts cuts;

    Cut(SecureChannel channel, Cuts cuts) {
      super(channel);
      this.cuts = cuts;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws LinkException {
      return super.read(buffer, offset, Math.min(length, cuts.next()));
    }
  }
}
