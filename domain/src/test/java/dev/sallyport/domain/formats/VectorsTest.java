package dev.sallyport.domain.formats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.IdentityPem;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.PublicKey32;
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
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.domain.session.Hello;
import dev.sallyport.domain.session.Welcome;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every format and derivation against its vectors, both ways. The vectors were computed by another
 * program in another language from the text of the specification: what changes them breaks every id
 * that was ever pasted.
 */
class VectorsTest {
  private static final Sealer SEALER = new JdkSealer();

  static List<Vector> identities() {
    return Vector.in("identity.txt");
  }

  @ParameterizedTest
  @MethodSource("identities")
  void identity(Vector vector) throws MalformedException {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n" + vector.text("pemBody") + "\n-----END PRIVATE KEY-----\n";
    assertThat(Identity.fromSeed(vector.secret("seed"), SEALER).key())
        .isEqualTo(vector.key("publicKey"));
    assertThat(IdentityPem.encode(vector.secret("seed"))).isEqualTo(pem);
    assertThat(IdentityPem.decode(pem)).isEqualTo(vector.secret("seed"));
  }

  static List<Vector> serviceIds() {
    return Vector.in("service-id.txt");
  }

  @ParameterizedTest
  @MethodSource("serviceIds")
  void serviceId(Vector vector) {
    ServiceId id = ServiceId.of(new ServiceName(vector.text("name")), vector.key("publicKey"));
    assertThat(id.toByteArray()).isEqualTo(vector.hex("idBytes"));
    assertThat(id).hasToString(vector.text("id"));
    assertThat(ServiceId.parse(vector.text("id"))).isEqualTo(id);
  }

  static List<Vector> dayKeys() {
    return Vector.in("day-keys.txt");
  }

  @ParameterizedTest
  @MethodSource("dayKeys")
  void dayKeys(Vector vector) {
    assertThat(vector.dayKeys(SEALER))
        .isEqualTo(
            new DayKeys(
                slot(vector, "slotTopic", "slotSeed"),
                slot(vector, "mailboxTopic", "mailboxSeed"),
                vector.secret("recordKey"),
                vector.secret("proofKey"),
                LocalDate.parse(vector.text("day"))));
  }

  static List<Vector> candidates() {
    return Vector.in("candidates.txt");
  }

  @ParameterizedTest
  @MethodSource("candidates")
  void candidates(Vector vector) throws MalformedException {
    ByteWriter out = new ByteWriter();
    Candidate.write(out, vector.candidates());
    assertThat(out.toByteArray()).isEqualTo(vector.hex("bytes"));
    assertThat(Candidate.read(reader(vector))).isEqualTo(vector.candidates());
  }

  static List<Vector> strategies() {
    return Vector.in("strategy.txt");
  }

  @ParameterizedTest
  @MethodSource("strategies")
  void strategy(Vector vector) throws MalformedException {
    ByteWriter out = new ByteWriter();
    vector.strategy().write(out);
    assertThat(out.toByteArray()).isEqualTo(vector.hex("bytes"));
    assertThat(Strategy.read(reader(vector))).isEqualTo(vector.strategy());
  }

  static List<Vector> records() {
    return Vector.in("record.txt");
  }

  @ParameterizedTest
  @MethodSource("records")
  void record(Vector vector) throws MalformedException {
    Identity identity = Identity.fromSeed(vector.secret("identitySeed"), SEALER);
    ServiceRecord record =
        new ServiceRecord(
            new ServiceName(vector.text("name")),
            identity.key(),
            vector.key("linkKey"),
            vector.key("knockKey"),
            vector.candidates(),
            vector.natProfile(),
            vector.time("issuedAt"),
            vector.time("expires"));
    ServiceId id = record.id();
    DayKeys keys = DayKeys.of(id, LocalDate.parse(vector.text("day")), SEALER);
    SealedItem sealed = SealedItem.of(vector.hex("sealed"));
    assertThat(record.seal(identity, keys, vector.hex("nonce"), SEALER).toByteArray())
        .isEqualTo(sealed.toByteArray());
    assertThat(ServiceRecord.open(sealed, id, keys, SEALER, record.issuedAt())).isEqualTo(record);
  }

  static List<Vector> knocks() {
    return Vector.in("knock.txt");
  }

  @ParameterizedTest
  @MethodSource("knocks")
  void knock(Vector vector) throws MalformedException {
    Identity caller = Identity.fromSeed(vector.secret("callerSeed"), SEALER);
    ServiceId id = ServiceId.parse(vector.text("id"));
    Knock knock =
        new Knock(
            caller.key(),
            vector.candidates(),
            vector.natProfile(),
            vector.strategy(),
            vector.time("recordIssuedAt"),
            vector.callNonce(),
            vector.time("issuedAt"),
            vector.time("expires"));
    ReplyKeys keys =
        new ReplyKeys(
            slot(vector, "replyMailboxTopic", "replyMailboxSeed"), vector.secret("replyKey"));
    PublicKey32 knockKey = vector.key("knockKey");
    SealedItem item = SealedItem.of(vector.hex("sealed"));
    assertThat(SEALER.agreementKey(vector.secret("knockPrivate"))).isEqualTo(knockKey);
    assertThat(SEALER.agree(vector.secret("knockPrivate"), vector.key("ephemeralKey")))
        .isEqualTo(vector.secret("sharedSecret"));

    Knock.Sealed sealed =
        Knock.seal(knock, caller, id, knockKey, vector.secret("ephemeral"), SEALER);
    assertThat(sealed.item().toByteArray()).isEqualTo(item.toByteArray());
    assertThat(sealed.keys()).isEqualTo(keys);
    assertThat(Knock.open(item, id, vector.secret("knockPrivate"), SEALER, knock.issuedAt()))
        .isEqualTo(new Knock.Opened(knock, keys));
  }

  static List<Vector> replies() {
    return Vector.in("reply.txt");
  }

  @ParameterizedTest
  @MethodSource("replies")
  void reply(Vector vector) throws MalformedException {
    Slot mailbox =
        new Slot(
            new Topic(SEALER.signingKey(vector.secret("mailboxSeed"))),
            vector.secret("mailboxSeed"));
    ReplyKeys keys = new ReplyKeys(mailbox, vector.secret("replyKey"));
    Reply reply =
        new Reply(
            vector.callNonce(),
            Reply.Outcome.valueOf(vector.text("outcome").toUpperCase(Locale.ROOT)),
            vector.strategy(),
            vector.candidates(),
            vector.natProfile(),
            Duration.ofMillis(vector.number("retryAfterMillis")),
            vector.time("issuedAt"));
    assertThat(reply.seal(keys, vector.hex("nonce"), SEALER).toByteArray())
        .isEqualTo(vector.hex("sealed"));
    assertThat(Reply.open(SealedItem.of(vector.hex("sealed")), keys, SEALER)).isEqualTo(reply);
  }

  static List<Vector> hellos() {
    return Vector.in("hello.txt");
  }

  @ParameterizedTest
  @MethodSource("hellos")
  void hello(Vector vector) throws MalformedException {
    Identity caller = Identity.fromSeed(vector.secret("callerSeed"), SEALER);
    PublicKey32 callerTlsKey = vector.key("callerTlsKey");
    PublicKey32 serviceTlsKey = vector.key("serviceTlsKey");
    DayKeys keys = vector.dayKeys(SEALER);
    Hello hello = Hello.make(vector.callNonce(), caller, keys, callerTlsKey, serviceTlsKey, SEALER);
    assertThat(hello.encode()).isEqualTo(vector.hex("bytes")).hasSize(Hello.LENGTH);

    Hello decoded = Hello.decode(vector.hex("bytes"));
    assertThat(decoded).isEqualTo(hello);
    assertThat(decoded.nonce()).isEqualTo(vector.callNonce());
    assertThat(decoded.callerKey()).isEqualTo(caller.key());
    assertThat(decoded.verify(List.of(keys), callerTlsKey, serviceTlsKey, SEALER)).isSameAs(keys);
  }

  static List<Vector> welcomes() {
    return Vector.in("welcome.txt");
  }

  @ParameterizedTest
  @MethodSource("welcomes")
  void welcome(Vector vector) throws MalformedException {
    PublicKey32 callerTlsKey = vector.key("callerTlsKey");
    PublicKey32 serviceTlsKey = vector.key("serviceTlsKey");
    DayKeys keys = vector.dayKeys(SEALER);
    boolean echoes = vector.text("echoes").equals("yes");
    Welcome welcome = Welcome.make(vector.callNonce(), echoes, keys, callerTlsKey, serviceTlsKey);
    assertThat(welcome.encode()).isEqualTo(vector.hex("bytes")).hasSize(Welcome.LENGTH);

    Welcome decoded = Welcome.decode(vector.hex("bytes"));
    assertThat(decoded).isEqualTo(welcome);
    assertThat(decoded.nonce()).isEqualTo(vector.callNonce());
    assertThat(decoded.echoes()).isEqualTo(echoes);
    assertThat(decoded.verify(vector.callNonce(), keys, callerTlsKey, serviceTlsKey)).isTrue();
  }

  private static Slot slot(Vector vector, String topic, String seed) {
    return new Slot(new Topic(vector.key(topic)), vector.secret(seed));
  }

  private static ByteReader reader(Vector vector) {
    return new ByteReader(vector.hex("bytes"), "the vector");
  }
}
