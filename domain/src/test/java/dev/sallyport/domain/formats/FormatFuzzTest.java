package dev.sallyport.domain.formats;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.nat.NatProfile;
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
import dev.sallyport.fuzz.DecoderFuzzing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes as each of the binary formats: a value that is written again as the same bytes, or a
 * {@link MalformedException}. The seal and the signatures are taken off ({@link PlainSealer}), for
 * random bytes would never get through them to the decoder; {@link SealedFuzzTest} has them on.
 */
class FormatFuzzTest extends DecoderFuzzing {
  private static final PlainSealer PLAIN = new PlainSealer();
  private static final int NONCE = 12;
  private static final int TAG = PlainSealer.SEAL_OVERHEAD;
  private static final int SIGNATURE = PlainSealer.SIGNATURE_LENGTH;

  private static List<byte[]> candidateLists() {
    List<byte[]> lists = new ArrayList<>(Vector.hexesIn("candidates.txt", "bytes"));
    // An IPv4 address dressed up as IPv6, which is refused; no mutant would come upon it.
    lists.add(HexFormat.of().parseHex("0136" + "00000000000000000000ffffcb007107" + "01bb"));
    return lists;
  }

  @MethodSource("candidateLists")
  @FuzzTest
  void candidates(byte[] bytes) throws Exception {
    canonical(bytes, (in, out) -> Candidate.write(out, Candidate.read(in)));
  }

  private static List<byte[]> natProfiles() {
    return Vector.hexesIn("nat-profile.txt", "bytes");
  }

  @MethodSource("natProfiles")
  @FuzzTest
  void natProfile(byte[] bytes) throws Exception {
    canonical(bytes, (in, out) -> NatProfile.read(in).write(out));
  }

  private static List<byte[]> strategies() {
    return Vector.hexesIn("strategy.txt", "bytes");
  }

  @MethodSource("strategies")
  @FuzzTest
  void strategy(byte[] bytes) throws Exception {
    canonical(bytes, (in, out) -> Strategy.read(in).write(out));
  }

  private static List<byte[]> hellos() {
    return Vector.hexesIn("hello.txt", "bytes");
  }

  @MethodSource("hellos")
  @FuzzTest
  void hello(byte[] bytes) throws Exception {
    canonical(bytes, (in, out) -> out.bytes(Hello.decode(in.bytes(in.remaining())).encode()));
  }

  private static List<byte[]> welcomes() {
    return Vector.hexesIn("welcome.txt", "bytes");
  }

  @MethodSource("welcomes")
  @FuzzTest
  void welcome(byte[] bytes) throws Exception {
    canonical(bytes, (in, out) -> out.bytes(Welcome.decode(in.bytes(in.remaining())).encode()));
  }

  private static List<byte[]> records() {
    return Vector.hexesIn("record.txt", "plain");
  }

  /** The id, the clock and the identity follow from the bytes, so that most changes get further. */
  @MethodSource("records")
  @FuzzTest
  void record(byte[] plain) throws Exception {
    ServiceId id = idIn(plain);
    Instant now = timeBefore(plain, SIGNATURE + 12);
    byte[] item = sealed(new byte[NONCE], plain);
    ServiceRecord record =
        decode(
            MalformedException.class,
            plain,
            () -> ServiceRecord.open(item(item), id, Samples.KEYS, PLAIN, now));
    if (record != null) {
      Identity identity = identity(record.identityKey());
      SealedItem again = record.seal(identity, Samples.KEYS, new byte[NONCE], PLAIN);
      assertSameFields(item, again);
    }
  }

  private static List<byte[]> knocks() {
    return Vector.hexesIn("knock.txt", "plain");
  }

  @MethodSource("knocks")
  @FuzzTest
  void knock(byte[] plain) throws Exception {
    Instant now = timeBefore(plain, SIGNATURE + 9);
    Secret32 ephemeral = Samples.secret(9);
    byte[] item = sealed(ephemeral.toByteArray(), plain);
    Knock.Opened opened =
        decode(
            MalformedException.class,
            plain,
            () -> Knock.open(item(item), Samples.ID, Samples.KNOCK_PRIVATE, PLAIN, now));
    if (opened != null) {
      Identity caller = identity(opened.knock().callerKey());
      PublicKey32 knockKey = PLAIN.agreementKey(Samples.KNOCK_PRIVATE);
      Knock.Sealed again =
          Knock.seal(opened.knock(), caller, Samples.ID, knockKey, ephemeral, PLAIN);
      assertSameFields(item, again.item());
    }
  }

  private static List<byte[]> replies() {
    return Vector.hexesIn("reply.txt", "plain");
  }

  @MethodSource("replies")
  @FuzzTest
  void reply(byte[] plain) throws Exception {
    Secret32 seed = Samples.secret(8);
    ReplyKeys keys = new ReplyKeys(new Slot(new Topic(PLAIN.signingKey(seed)), seed), seed);
    byte[] item = sealed(new byte[NONCE], plain);
    Reply reply =
        decode(MalformedException.class, plain, () -> Reply.open(item(item), keys, PLAIN));
    if (reply != null) {
      assertSameBytes(item, reply.seal(keys, new byte[NONCE], PLAIN).toByteArray());
    }
  }

  private interface Rewriting {
    void rewrite(ByteReader in, ByteWriter out) throws MalformedException;
  }

  private void canonical(byte[] bytes, Rewriting rewriting) throws Exception {
    byte[] again =
        decode(
            MalformedException.class,
            bytes,
            () -> {
              ByteReader in = new ByteReader(bytes, "the input");
              ByteWriter out = new ByteWriter();
              rewriting.rewrite(in, out);
              in.end();
              return out.toByteArray();
            });
    if (again != null) {
      assertSameBytes(bytes, again);
    }
  }

  /** As {@link PlainSealer} seals: something in front, and room for a tag behind. */
  private static byte[] sealed(byte[] inFront, byte[] plain) {
    return new ByteWriter().bytes(inFront).bytes(plain).bytes(new byte[TAG]).toByteArray();
  }

  private static SealedItem item(byte[] bytes) throws MalformedException {
    if (bytes.length > SealedItem.MAX_LENGTH) {
      throw new MalformedException("no rendezvous carries this");
    }
    return SealedItem.of(bytes);
  }

  /** All but the signature, which holds whatever it is. */
  private static void assertSameFields(byte[] item, SealedItem again) {
    byte[] unsigned = item.clone();
    Arrays.fill(unsigned, item.length - TAG - SIGNATURE, item.length - TAG, (byte) 0);
    assertSameBytes(unsigned, again.toByteArray());
  }

  /** The identity with this key, as {@link PlainSealer} sees it. */
  private static Identity identity(PublicKey32 key) {
    return Identity.fromSeed(Secret32.of(key.toByteArray()), PLAIN);
  }

  private static ServiceId idIn(byte[] plain) {
    ByteReader in = new ByteReader(plain, "a record");
    try {
      in.u8();
      ServiceName name = new ServiceName(in.shortText(ServiceName.MAX_LENGTH));
      return ServiceId.of(name, PublicKey32.of(in.bytes(PublicKey32.LENGTH)));
    } catch (MalformedException | IllegalArgumentException e) {
      return Samples.ID;
    }
  }

  private static Instant timeBefore(byte[] plain, int fromEnd) throws MalformedException {
    return plain.length < fromEnd
        ? Samples.NOW
        : new ByteReader(
                Arrays.copyOfRange(plain, plain.length - fromEnd, plain.length), "the input")
            .time();
  }
}
