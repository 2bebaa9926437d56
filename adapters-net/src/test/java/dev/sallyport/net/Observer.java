package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.wire.MalformedException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An observer on loopback, and what is needed to ask it. */
final class Observer implements AutoCloseable {
  /** How long to wait for what must come. */
  static final int LONG_MILLIS = 20_000;

  final int port;
  final List<InetAddress> addresses;
  final StunResponder responder;

  Observer(ResponderLimits limits, String... addresses) throws IOException {
    this.addresses = Stream.of(addresses).map(Observer::ip).toList();
    this.port = freePair();
    this.responder = StunResponder.start(new ObserverPlaces(this.addresses, port), limits);
  }

  static InetAddress ip(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  /** A port that is free, and the next one as well, a moment ago. */
  static int freePair() {
    while (true) {
      int free = Loopback.freePort();
      if (free < 65535) {
        try (ServerSocket next = new ServerSocket(free + 1)) {
          return next.getLocalPort() - 1;
        } catch (IOException e) {
          // The next one is taken: another pair.
        }
      }
    }
  }

  Endpoint at(int address, int offset) {
    return new Endpoint(addresses.get(address), port + offset);
  }

  /** A connection from the given address. */
  Socket connect(String from) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(ip(from), 0));
    socket.connect(at(0, 0).toSocketAddress(), LONG_MILLIS);
    socket.setSoTimeout(LONG_MILLIS);
    return socket;
  }

  static Endpoint local(Socket socket) {
    return new Endpoint(socket.getLocalAddress(), socket.getLocalPort());
  }

  static void say(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** The next message; null if the other side has closed or reset the connection. */
  static @Nullable StunMessage hear(Socket socket) throws MalformedException, IOException {
    try {
      byte[] header = socket.getInputStream().readNBytes(StunWire.HEADER_BYTES);
      if (header.length < StunWire.HEADER_BYTES) {
        return null;
      }
      byte[] message = Arrays.copyOf(header, StunWire.totalBytes(header));
      int rest = message.length - header.length;
      if (socket.getInputStream().readNBytes(message, header.length, rest) < rest) {
        return null;
      }
      return StunMessage.decode(message);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no answer, and no end", e);
    } catch (SocketException e) {
      return null;
    }
  }

  static @Nullable StunMessage ask(Socket socket, StunRequest request)
      throws MalformedException, IOException {
    try {
      say(socket, request.encode());
    } catch (SocketException e) {
      return null;
    }
    return hear(socket);
  }

  /** What comes back for a datagram, and from where. */
  record Reply(StunMessage message, Endpoint from, int bytes) {}

  Reply askOverUdp(DatagramSocket socket, StunRequest request, Endpoint to)
      throws IOException, MalformedException {
    byte[] bytes = request.encode();
    socket.send(new DatagramPacket(bytes, bytes.length, to.toSocketAddress()));
    return hear(socket, Duration.ofMillis(LONG_MILLIS));
  }

  static Reply hear(DatagramSocket socket, Duration patience)
      throws IOException, MalformedException {
    DatagramPacket packet = new DatagramPacket(new byte[StunWire.MAX_BYTES], StunWire.MAX_BYTES);
    socket.setSoTimeout((int) patience.toMillis());
    socket.receive(packet);
    return new Reply(
        StunMessage.decode(Arrays.copyOf(packet.getData(), packet.getLength())),
        new Endpoint(packet.getAddress(), packet.getPort()),
        packet.getLength());
  }

  @Override
  public void close() {
    responder.close();
  }
}
