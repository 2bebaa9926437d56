package dev.sallyport.ws;

import static dev.sallyport.ws.Links.UPGRADE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.ws.Recorder.Closed;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.java_websocket.exceptions.InvalidDataException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Seeded noise and spoiled streams at both roles: only the declared errors come out. */
class FuzzTest {
  private static final byte[] REQUEST = RawPeer.head(RawPeer.REQUEST);
  private static final byte[] RESPONSE =
      RawPeer.head(Links.response("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"));

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Bytes to read, in ragged pieces, then the end; what is written is dropped. */
  private static class Replay extends Delegate {
    private final Random random;
    private ByteBuffer left;

    Replay(byte[] bytes, Random random) {
      super(MemoryChannel.open(1));
      this.left = ByteBuffer.wrap(bytes);
      this.random = random;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (!left.hasRemaining()) {
        return -1;
      }
      int count = Math.min(Math.min(length, left.remaining()), 1 + random.nextInt(600));
      left.get(buffer, offset, count);
      return count;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {}
  }

  /** A server that says yes to the request, and then the bytes. */
  private static final class Answering extends Replay {
    private final byte[] bytes;

    Answering(byte[] bytes, Random random) {
      super(new byte[0], random);
      this.bytes = bytes;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      String written = new String(buffer, offset, length, StandardCharsets.ISO_8859_1);
      if (written.startsWith("GET ")) {
        String response = Links.response(written.replace("\r\n", "\n"));
        super.left = ByteBuffer.wrap(joined(RawPeer.head(response), bytes));
      }
    }
  }

  private static byte[] joined(byte[] one, byte[] two) {
    byte[] both = Arrays.copyOf(one, one.length + two.length);
    System.arraycopy(two, 0, both, one.length, two.length);
    return both;
  }

  private static byte[] spoil(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = without(bytes, at, random.nextInt(20));
        case 3 -> bytes = doubled(bytes, at, random.nextInt(200));
        default -> bytes[at] = (byte) "\r\n:, /\0\u00ff=".charAt(random.nextInt(9));
      }
      if (bytes.length == 0) {
        return bytes;
      }
    }
    return bytes;
  }

  private static byte[] without(byte[] bytes, int at, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    int resume = Math.min(bytes.length, at + length);
    out.write(bytes, resume, bytes.length - resume);
    return out.toByteArray();
  }

  private static byte[] doubled(byte[] bytes, int at, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int end = Math.min(bytes.length, at + length);
    out.write(bytes, 0, end);
    out.write(bytes, at, bytes.length - at);
    return out.toByteArray();
  }

  private static byte[] noise(int size, Random random) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 102})
  void spoiledRequests_giveALinkOrADeclaredError(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = round % 10 == 0 ? noise(5000, random) : spoil(REQUEST, random);
      expectLinkOrError(
          seed,
          round,
          () -> {
            SecureChannel channel = new Replay(bytes, random);
            UPGRADE.accept(channel, Links.YES, new Recorder(), Links.SOON).link().abort();
          });
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {201, 202})
  void spoiledResponses_giveALinkOrADeclaredError(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = round % 10 == 0 ? noise(5000, random) : spoil(RESPONSE, random);
      expectLinkOrError(
          seed,
          round,
          () -> {
            SecureChannel channel = new Replay(bytes, random);
            UPGRADE.dial(channel, Links.HELLO, new Recorder(), Links.SOON).link().abort();
          });
    }
  }

  private interface Attempt {
    void run() throws LinkException;
  }

  private static void expectLinkOrError(long seed, int round, Attempt attempt) {
    try {
      attempt.run();
    } catch (LinkException e) {
      assertThat(e.reason()).isIn(Reason.PROTOCOL, Reason.BROKEN, Reason.REFUSED);
    } catch (RuntimeException | Error e) {
      fail("seed " + seed + ", round " + round, e);
    }
  }

  /** Messages, fragments, pings and a goodbye. */
  private static byte[] stream(boolean masked, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = random.nextInt(8); i >= 0; i--) {
      byte[] text =
          "gr\u00fc\u00df dich ".repeat(random.nextInt(40)).getBytes(StandardCharsets.UTF_8);
      switch (random.nextInt(5)) {
        case 0 -> out.writeBytes(RawPeer.frame(0x81, masked, text));
        case 1 -> out.writeBytes(RawPeer.frame(0x82, masked, noise(random.nextInt(3000), random)));
        case 2 -> {
          int cut = text.length / 2;
          out.writeBytes(RawPeer.frame(0x01, masked, Arrays.copyOf(text, cut)));
          out.writeBytes(RawPeer.frame(0x89, masked, noise(random.nextInt(126), random)));
          byte[] rest = Arrays.copyOfRange(text, cut, text.length);
          out.writeBytes(RawPeer.frame(0x80, masked, rest));
        }
        case 3 -> out.writeBytes(RawPeer.frame(0x8a, masked, noise(random.nextInt(126), random)));
        default -> {
          int size = random.nextInt(8) == 0 ? 70_000 : random.nextInt(1000);
          out.writeBytes(RawPeer.frame(0x82, masked, noise(size, random)));
        }
      }
    }
    out.writeBytes(RawPeer.frame(0x88, masked, new byte[] {3, (byte) 0xe8}));
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {301, 302, 303, 304})
  void spoiledFrames_endInClosedAndNothingElse(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < 400; round++) {
      Recorder heard = new Recorder();
      boolean atServer = random.nextBoolean();
      byte[] valid = stream(atServer, random);
      byte[] bytes =
          switch (random.nextInt(8)) {
            case 0 -> noise(2000, random);
            case 1 -> valid;
            default -> spoil(valid, random);
          };
      Link link =
          atServer
              ? UPGRADE
                  .accept(new Replay(joined(REQUEST, bytes), random), Links.YES, heard, Links.SOON)
                  .link()
              : UPGRADE.dial(new Answering(bytes, random), Links.HELLO, heard, Links.SOON).link();
      link.start();
      Closed closed = heard.awaitClosed();
      String context = "seed " + seed + ", round " + round + ": " + closed;
      assertThat(closed.why()).as(context).doesNotContain("fault of ours");
      if (Arrays.equals(bytes, valid)) {
        assertThat(closed.clean()).as(context).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {401, 402, 403, 404})
  void anyFrames_areParsedWithinTheMemoryBound(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 2000; round++) {
      boolean masked = random.nextBoolean();
      FrameParser parser = new FrameParser(masked);
      byte[] bytes = round % 4 == 0 ? noise(500, random) : spoil(stream(masked, random), random);
      ByteBuffer in = ByteBuffer.wrap(bytes);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      try {
        while (in.hasRemaining()) {
          parser.next(in);
        }
      } catch (InvalidDataException e) {
        assertThat(e.getCloseCode()).isIn(1002, 1007, 1009);
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ", round " + round, e);
      }
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      assertThat(allocated)
          .as("seed %s, round %s, %s bytes in", seed, round, bytes.length)
          .isLessThan(Link.MAX_MESSAGE_BYTES + 100_000 + 200L * bytes.length);
    }
  }
}
