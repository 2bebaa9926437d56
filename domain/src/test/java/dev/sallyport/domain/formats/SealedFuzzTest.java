package dev.sallyport.domain.formats;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.domain.session.Hello;
import dev.sallyport.domain.session.Welcome;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes against the real seals, signatures and proofs: what is taken is the genuine item, byte
 * for byte; everything else is refused as declared.
 */
class SealedFuzzTest extends DecoderFuzzing {
  private static final Sealer SEALER = Samples.SEALER;

  private static final Vector RECORD = Vector.in("record.txt").getFirst();
  private static final ServiceId RECORD_ID =
      ServiceId.of(
          new ServiceName(RECORD.text("name")), SEALER.signingKey(RECORD.secret("identitySeed")));
  private static final DayKeys RECORD_KEYS =
      DayKeys.of(RECORD_ID, LocalDate.parse(RECORD.text("day")), SEALER);

  private static final Vector KNOCK = Vector.in("knock.txt").getFirst();
  private static final ServiceId KNOCK_ID = ServiceId.parse(KNOCK.text("id"));

  private static final Vector REPLY = Vector.in("reply.txt").getFirst();
  private static final ReplyKeys REPLY_KEYS =
      new ReplyKeys(
          new Slot(
              new Topic(SEALER.signingKey(REPLY.secret("mailboxSeed"))),
              REPLY.secret("mailboxSeed")),
          REPLY.secret("replyKey"));

  private static final Vector HELLO = Vector.in("hello.txt").getFirst();
  private static final List<DayKeys> HELLO_KEYS = List.of(HELLO.dayKeys(SEALER));

  private static final Vector WELCOME = Vector.in("welcome.txt").getFirst();
  private static final DayKeys WELCOME_KEYS = WELCOME.dayKeys(SEALER);

  private static List<byte[]> records() {
    return List.of(RECORD.hex("sealed"));
  }

  @MethodSource("records")
  @FuzzTest
  void sealedRecord(byte[] bytes) throws Exception {
    takesOnly(
        RECORD.hex("sealed"),
        bytes,
        () ->
            ServiceRecord.open(
                item(bytes), RECORD_ID, RECORD_KEYS, SEALER, RECORD.time("issuedAt")));
  }

  private static List<byte[]> knocks() {
    return List.of(KNOCK.hex("sealed"));
  }

  @MethodSource("knocks")
  @FuzzTest
  void sealedKnock(byte[] bytes) throws Exception {
    takesOnly(
        KNOCK.hex("sealed"),
        bytes,
        () ->
            Knock.open(
                item(bytes),
                KNOCK_ID,
                KNOCK.secret("knockPrivate"),
                SEALER,
                KNOCK.time("issuedAt")));
  }

  private static List<byte[]> replies() {
    return List.of(REPLY.hex("sealed"));
  }

  @MethodSource("replies")
  @FuzzTest
  void sealedReply(byte[] bytes) throws Exception {
    takesOnly(REPLY.hex("sealed"), bytes, () -> Reply.open(item(bytes), REPLY_KEYS, SEALER));
  }

  private static List<byte[]> hellos() {
    return List.of(HELLO.hex("bytes"));
  }

  @MethodSource("hellos")
  @FuzzTest
  void provenHello(byte[] bytes) throws Exception {
    takesOnly(
        HELLO.hex("bytes"),
        bytes,
        () ->
            Hello.decode(bytes)
                .verify(HELLO_KEYS, HELLO.key("callerTlsKey"), HELLO.key("serviceTlsKey"), SEALER));
  }

  private static List<byte[]> welcomes() {
    return List.of(WELCOME.hex("bytes"));
  }

  @MethodSource("welcomes")
  @FuzzTest
  void provenWelcome(byte[] bytes) throws Exception {
    takesOnly(
        WELCOME.hex("bytes"),
        bytes,
        () -> {
          boolean holds =
              Welcome.decode(bytes)
                  .verify(
                      WELCOME.callNonce(),
                      WELCOME_KEYS,
                      WELCOME.key("callerTlsKey"),
                      WELCOME.key("serviceTlsKey"));
          return holds ? Boolean.TRUE : null;
        });
  }

  private void takesOnly(byte[] genuine, byte[] bytes, Decoder<?> decoder) throws Exception {
    if (decode(MalformedException.class, bytes, decoder) != null) {
      assertSameBytes(genuine, bytes);
    }
  }

  private static SealedItem item(byte[] bytes) throws MalformedException {
    if (bytes.length == 0 || bytes.length > SealedItem.MAX_LENGTH) {
      throw new MalformedException("no rendezvous carries this");
    }
    return SealedItem.of(bytes);
  }
}
