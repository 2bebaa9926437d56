package dev.sallyport.domain.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.IdentityPem;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.domain.session.Hello;
import dev.sallyport.domain.session.Welcome;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every decoder of the domain, fed with damaged and random bytes: it returns a value or throws its
 * declared exception. The seal is taken off ({@link PlainSealer}), so that the bytes reach the
 * decoder behind it.
 */
class DecoderFuzzTest {
  private static final int ROUNDS = 10_000;
  private static final PlainSealer PLAIN = new PlainSealer();

  /** Returns what it read, written again; nothing if that says nothing. */
  interface Decoder {
    byte[] decode(byte[] bytes) throws MalformedException;
  }

  /** A decoder, and valid bytes to damage. */
  record Target(String name, List<byte[]> valid, Decoder decoder) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Target> targets() {
    return List.of(
        new Target("candidates", bytesOf("candidates.txt"), DecoderFuzzTest::candidates),
        new Target("NAT profile", bytesOf("nat-profile.txt"), DecoderFuzzTest::natProfile),
        new Target("strategy", bytesOf("strategy.txt"), DecoderFuzzTest::strategy),
        new Target("HELLO", bytesOf("hello.txt"), bytes -> Hello.decode(bytes).encode()),
        new Target("WELCOME", bytesOf("welcome.txt"), bytes -> Welcome.decode(bytes).encode()),
        new Target("record", plainOf("record.txt", 12), DecoderFuzzTest::record),
        new Target("knock", plainOf("knock.txt", 32), DecoderFuzzTest::knock),
        new Target("reply", plainOf("reply.txt", 12), DecoderFuzzTest::reply),
        new Target("identity", texts(IdentityPem.encode(Samples.secret(7))), DecoderFuzzTest::pem),
        new Target("id", texts(Samples.ID.toString()), DecoderFuzzTest::id),
        new Target(
            "endpoint",
            texts("192.0.2.1:80", "[2001:db8::1]:65535", "[::ffff:1.2.3.4]:1"),
            DecoderFuzzTest::endpoint),
        new Target(
            "address",
            texts("1:2:3:4:5:6:7:8", "fe80::1:0:0:1", "1::1.2.3.4", "255.255.255.255"),
            DecoderFuzzTest::address),
        new Target(
            "host and port", texts("router.example.org:6881", "[::1]:1"), DecoderFuzzTest::host));
  }

  @ParameterizedTest
  @MethodSource("targets")
  void anyBytes_giveAValueOrTheDeclaredError(Target target) {
    long seed = 20261122L + target.name.hashCode();
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bytes =
          round < target.valid.size() ? target.valid.get(round) : damaged(target, random);
      try {
        byte[] again = target.decoder.decode(bytes.clone());
        accepted++;
        if (again.length > 0 && !Arrays.equals(again, bytes)) {
          throw new AssertionError("written again as " + HexFormat.of().formatHex(again));
        }
      } catch (MalformedException e) {
        // As it should be.
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            target.name
                + " with seed "
                + seed
                + ", round "
                + round
                + ", bytes "
                + HexFormat.of().formatHex(bytes),
            e);
      }
    }
    assertThat(accepted).as("how many the decoder took, seed %d", seed).isPositive();
  }

  private static byte[] damaged(Target target, Random random) {
    if (random.nextInt(8) == 0) {
      byte[] noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] bytes = pick(target.valid, random).clone();
    for (int i = random.nextInt(3); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0 : 0xff);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20));
        default -> {
          // Another valid one's tail from here on.
          byte[] other = pick(target.valid, random);
          int from = Math.min(at, other.length);
          bytes =
              new ByteWriter()
                  .bytes(Arrays.copyOf(bytes, at))
                  .bytes(Arrays.copyOfRange(other, from, other.length))
                  .toByteArray();
        }
      }
    }
    return bytes;
  }

  private static byte[] pick(List<byte[]> from, Random random) {
    return from.get(random.nextInt(from.size()));
  }

  private static List<byte[]> bytesOf(String file) {
    return Vector.in(file).stream().map(vector -> vector.hex("bytes")).toList();
  }

  /** Sealed by nobody: what comes in front, the plain bytes, room for a tag. */
  private static List<byte[]> plainOf(String file, int inFront) {
    List<byte[]> all = new ArrayList<>();
    for (Vector vector : Vector.in(file)) {
      all.add(
          new ByteWriter()
              .bytes(new byte[inFront])
              .bytes(vector.hex("plain"))
              .bytes(new byte[16])
              .toByteArray());
    }
    return all;
  }

  private static List<byte[]> texts(String... texts) {
    return Arrays.stream(texts).map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList();
  }

  private static byte[] candidates(byte[] bytes) throws MalformedException {
    ByteReader in = new ByteReader(bytes, "candidates");
    ByteWriter out = new ByteWriter();
    Candidate.write(out, Candidate.read(in));
    in.end();
    return out.toByteArray();
  }

  private static byte[] natProfile(byte[] bytes) throws MalformedException {
    ByteReader in = new ByteReader(bytes, "a NAT profile");
    ByteWriter out = new ByteWriter();
    NatProfile.read(in).write(out);
    in.end();
    return out.toByteArray();
  }

  private static byte[] strategy(byte[] bytes) throws MalformedException {
    ByteReader in = new ByteReader(bytes, "a strategy");
    ByteWriter out = new ByteWriter();
    Strategy.read(in).write(out);
    in.end();
    return out.toByteArray();
  }

  /** The id follows from what the bytes say, so that a damaged name or key gets further. */
  private static byte[] record(byte[] bytes) throws MalformedException {
    ByteReader in = new ByteReader(bytes, "a record");
    in.bytes(12);
    in.u8();
    ServiceId id;
    try {
      ServiceName name = new ServiceName(in.shortText(ServiceName.MAX_LENGTH));
      id = ServiceId.of(name, PublicKey32.of(in.bytes(PublicKey32.LENGTH)));
    } catch (IllegalArgumentException e) {
      id = Samples.ID;
    }
    DayKeys keys = Samples.KEYS;
    ServiceRecord.open(item(bytes), id, keys, PLAIN, Instant.parse("2026-11-22T23:00:00Z"));
    return new byte[0];
  }

  private static byte[] knock(byte[] bytes) throws MalformedException {
    Instant now = Instant.parse("2026-11-22T12:35:00Z");
    Knock.open(item(bytes), Samples.ID, Samples.KNOCK_PRIVATE, PLAIN, now);
    return new byte[0];
  }

  private static byte[] reply(byte[] bytes) throws MalformedException {
    Secret32 seed = Samples.secret(8);
    ReplyKeys keys = new ReplyKeys(new Slot(new Topic(PLAIN.signingKey(seed)), seed), seed);
    Reply reply = Reply.open(item(bytes), keys, PLAIN);
    byte[] again = reply.seal(keys, Arrays.copyOf(bytes, 12), PLAIN).toByteArray();
    // The tag is not looked at here.
    System.arraycopy(bytes, bytes.length - 16, again, again.length - 16, 16);
    return again;
  }

  private static SealedItem item(byte[] bytes) throws MalformedException {
    try {
      return SealedItem.of(bytes);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("no rendezvous carries this", e);
    }
  }

  private static byte[] pem(byte[] bytes) throws MalformedException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      IdentityPem.decode(text);
    } catch (MalformedException e) {
      // Nothing of a broken identity may reach a log.
      if (e.getCause() != null || String.valueOf(e.getMessage()).matches(".*(MC4CAQ|BwcHB).*")) {
        throw new AssertionError("the message repeats the identity", e);
      }
      throw e;
    }
    return new byte[0];
  }

  private static byte[] id(byte[] bytes) throws MalformedException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return said(() -> ServiceId.parse(ServiceId.parse(text).toString()));
  }

  private static byte[] endpoint(byte[] bytes) throws MalformedException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return said(
        () -> {
          Endpoint endpoint = Endpoint.parse(text);
          assertThat(Endpoint.parse(endpoint.toString())).isEqualTo(endpoint);
        });
  }

  private static byte[] address(byte[] bytes) {
    var address = IpLiteral.parse(new String(bytes, StandardCharsets.ISO_8859_1));
    if (address != null) {
      assertThat(IpLiteral.parse(IpLiteral.format(address))).isEqualTo(address);
      assertThat(IpLiteral.parse(address.getHostAddress())).isEqualTo(address);
    }
    return new byte[0];
  }

  private static byte[] host(byte[] bytes) throws MalformedException {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return said(
        () -> {
          HostPort hostPort = HostPort.parse(text);
          assertThat(HostPort.parse(hostPort.toString())).isEqualTo(hostPort);
        });
  }

  /** What users type is refused with an IllegalArgumentException in one sentence. */
  private static byte[] said(Runnable parse) throws MalformedException {
    try {
      parse.run();
      return new byte[0];
    } catch (IllegalArgumentException e) {
      throw new MalformedException(String.valueOf(e.getMessage()), e);
    }
  }
}
