package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes from a STUN server, as one message and as a TCP stream. */
class StunFuzzTest extends DecoderFuzzing {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static List<byte[]> messages() {
    HexFormat hex = HexFormat.of();
    return List.of(
        hex.parseHex(StunMessageTest.REQUEST),
        hex.parseHex(StunMessageTest.RESPONSE_V4),
        hex.parseHex(StunMessageTest.RESPONSE_V6),
        success("192.0.2.1:80"),
        success("[2001:db8::1]:65535"),
        StunMessage.error(StunMessageTest.ID, 438).encode(),
        StunMessage.error(StunMessageTest.ID, 420, List.of(3)).encode("Sallyport", true),
        StunMessage.success(
                StunMessageTest.ID,
                Endpoint.parse("192.0.2.1:80"),
                Endpoint.parse("192.0.2.2:3478"),
                Endpoint.parse("[2001:db8::3]:3479"),
                DialBack.done(
                    Vantage.OTHER_PORT,
                    DialBack.Outcome.ARRIVED,
                    Endpoint.parse("192.0.2.2:50000"),
                    Duration.ofMillis(9)))
            .encode(),
        // An old server's MAPPED-ADDRESS, behind an attribute with padding.
        hex.parseHex(
            "010100142112a442b7e7a701bc34d686fa87dfae"
                + "8022000161000000"
                + "0001000800011f90c0000207"),
        // Port 0, which is refused; hardly a mutant would come upon it.
        hex.parseHex("0101000c2112a442b7e7a701bc34d686fa87dfae" + "0020000800012112e112a643"));
  }

  @MethodSource("messages")
  @FuzzTest
  void message(byte[] bytes) throws Exception {
    StunMessage message = decode(MalformedException.class, bytes, () -> StunMessage.decode(bytes));
    if (message != null) {
      assertThat(StunMessage.totalBytes(bytes)).isEqualTo(bytes.length);
      assertThat(StunMessage.decode(message.encode())).isEqualTo(message);
    }
  }

  private static List<byte[]> requests() {
    return List.of(
        HexFormat.of().parseHex(StunMessageTest.REQUEST),
        StunRequest.plain().encode(),
        StunRequest.change(true, true).encode(),
        StunRequest.dialBack(DialBackOrder.of(Vantage.OTHER_ADDRESS)).encode(),
        new StunRequest(StunMessageTest.ID, false, true, 5000, null, true, List.of(2)).encode());
  }

  /** As the observer reads it; and its answers are never much longer. */
  @MethodSource("requests")
  @FuzzTest
  void request(byte[] bytes) throws Exception {
    StunRequest request = decode(MalformedException.class, bytes, () -> StunRequest.decode(bytes));
    if (request != null) {
      assertThat(StunRequest.decode(request.encode())).isEqualTo(request);
      ObserverPlaces places = new ObserverPlaces(List.of(Observer.ip("192.0.2.1")), 3478);
      byte[] answer =
          new BindingAnswers(places)
              .overUdp(request, places.all().getFirst(), Endpoint.parse("[2001:db8::1]:9"))
              .bytes();
      assertThat(answer).hasSizeLessThanOrEqualTo(bytes.length + BindingAnswers.MAX_UDP_GROWTH);
    }
  }

  private static List<byte[]> streams() {
    byte[] other = StunMessage.request(new TransactionId(1, 2, 3)).encode();
    return List.of(
        success("192.0.2.1:80"),
        new ByteWriter().bytes(other).bytes(success("[2001:db8::1]:9")).bytes(other).toByteArray(),
        StunMessage.error(StunMessageTest.ID, 500).encode());
  }

  /** Over a real connection: its answer is what the messages in the stream say, or an error. */
  @MethodSource("streams")
  @FuzzTest
  void stream(byte[] bytes) throws Exception {
    Server server = Server.INSTANCE;
    server.says = bytes;
    Endpoint answer =
        decode(
            IOException.class,
            bytes,
            () -> {
              try (StunConnection connection = new StunConnection(0, server.endpoint())) {
                connection.connect(LONG);
                return connection.ask(LONG);
              }
            });
    assertThat(answer).isEqualTo(firstAnswer(server.said, server.id));
  }

  /** What the stream says to whoever asked with this transaction id. */
  private static @Nullable Endpoint firstAnswer(byte[] stream, TransactionId id) {
    try {
      int at = 0;
      for (int i = 0; i < 8; i++) {
        byte[] rest = Arrays.copyOfRange(stream, at, stream.length);
        int length = StunMessage.totalBytes(rest);
        if (length > rest.length) {
          return null;
        }
        StunMessage message = StunMessage.decode(Arrays.copyOf(rest, length));
        if (message.id().equals(id)) {
          return message.mapped();
        }
        at += length;
      }
      return null;
    } catch (MalformedException e) {
      return null;
    }
  }

  private static byte[] success(String mapped) {
    return StunMessage.success(StunMessageTest.ID, Endpoint.parse(mapped)).encode();
  }

  /** Waits for a request, says its piece with the request's id for the sample's, and hangs up. */
  private static final class Server {
    static final Server INSTANCE = new Server();

    volatile byte[] says = {};
    volatile byte[] said = {};
    volatile TransactionId id = StunMessageTest.ID;
    private final ServerSocketChannel listener;

    private Server() {
      try {
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Daemons.start("stun-fuzz", this::serveAll);
    }

    Endpoint endpoint() {
      return Loopback.at(listener.socket().getLocalPort());
    }

    private void serveAll() {
      while (listener.isOpen()) {
        try (SocketChannel channel = listener.accept()) {
          ByteBuffer request = ByteBuffer.allocate(StunMessage.HEADER_BYTES);
          while (request.hasRemaining() && channel.read(request) >= 0) {
            // The request comes in pieces, if it likes.
          }
          id = StunMessage.decode(request.array()).id();
          said = says.clone();
          replace(said, idBytes(StunMessageTest.ID), idBytes(id));
          channel.write(ByteBuffer.wrap(said));
        } catch (IOException | MalformedException e) {
          // The client had enough.
        }
      }
    }

    private static byte[] idBytes(TransactionId id) {
      return Arrays.copyOfRange(StunMessage.request(id).encode(), 8, StunMessage.HEADER_BYTES);
    }

    private static void replace(byte[] bytes, byte[] old, byte[] by) {
      for (int at = 0; at + old.length <= bytes.length; at++) {
        if (Arrays.equals(bytes, at, at + old.length, old, 0, old.length)) {
          System.arraycopy(by, 0, bytes, at, by.length);
        }
      }
    }
  }
}
