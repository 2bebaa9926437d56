package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.domain.wire.WireTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What a service publishes about itself. Sealed with a key of the day, signed by the identity that
 * the id commits to: whoever has the id can read it, nobody else can make it. The layout stands in
 * the package comment. Times are kept in whole milliseconds.
 *
 * @param identityKey the Ed25519 key the id commits to
 * @param linkKey the Ed25519 key of the TLS certificate of this run
 * @param knockKey the X25519 key that knocks of this run are sealed to
 * @param candidates where to reach it, at most 8
 * @param issuedAt later ones win
 * @param expires after {@code issuedAt}, by at most {@link #MAX_LIFETIME}
 */
public record ServiceRecord(
    ServiceName name,
    PublicKey32 identityKey,
    PublicKey32 linkKey,
    PublicKey32 knockKey,
    List<Candidate> candidates,
    NatProfile profile,
    Instant issuedAt,
    Instant expires) {

  /** No record is good for longer: its keys change with the day. */
  public static final Duration MAX_LIFETIME = Duration.ofDays(1);

  private static final int VERSION = 1;
  private static final byte[] CONTEXT = "sallyport/1 record\0".getBytes(StandardCharsets.US_ASCII);

  /** Any private key will do to find out whether a public key is of low order. */
  private static final Secret32 ANY_PRIVATE_KEY = Secret32.of(new byte[Secret32.LENGTH]);

  public ServiceRecord {
    candidates = List.copyOf(candidates);
    if (candidates.size() > Candidate.MAX_COUNT) {
      throw new IllegalArgumentException(
          "a record has at most 8 candidates, not " + candidates.size());
    }
    issuedAt = WireTime.of(issuedAt);
    expires = WireTime.of(expires);
    if (!expires.isAfter(issuedAt) || expires.isAfter(issuedAt.plus(MAX_LIFETIME))) {
      throw new IllegalArgumentException(
          "a record of " + issuedAt + " cannot expire at " + expires);
    }
  }

  /** The id of the service it describes. */
  public ServiceId id() {
    return ServiceId.of(name, identityKey);
  }

  /** Whether it was issued after the other one. */
  public boolean newerThan(ServiceRecord other) {
    return issuedAt.isAfter(other.issuedAt);
  }

  /**
   * Signs and seals it for one day.
   *
   * @param nonce12 12 random bytes, new for every call
   * @throws IllegalArgumentException if it is another identity's record
   */
  public SealedItem seal(Identity identity, DayKeys keys, byte[] nonce12, Sealer sealer) {
    if (!identity.key().equals(identityKey)) {
      throw new IllegalArgumentException("a record is signed by its own identity");
    }
    ByteWriter fields = new ByteWriter();
    write(fields);
    byte[] signed = fields.toByteArray();
    fields.bytes(sealer.sign(identity.seed(), toSign(signed)));
    return NonceBox.seal(keys.recordKey(), nonce12, keys.slot(), fields.toByteArray(), sealer);
  }

  /**
   * Opens and checks a record: version, bounds, that {@code id} commits to its name and key, the
   * signature, that it was issued no more than 10 minutes ahead of {@code now} and expired no more
   * than 10 minutes before.
   *
   * @throws MalformedException for anything that is not a record of this id and day, good now
   */
  public static ServiceRecord open(
      SealedItem item, ServiceId id, DayKeys keys, Sealer sealer, Instant now)
      throws MalformedException {
    byte[] plain = NonceBox.open(keys.recordKey(), item, keys.slot(), sealer);
    ByteReader in = new ByteReader(plain, "the record");
    ServiceRecord record = read(in);
    byte[] signed = Arrays.copyOf(plain, in.position());
    byte[] signature = in.bytes(Sealer.SIGNATURE_LENGTH);
    in.end();
    if (!record.id().equals(id)) {
      throw new MalformedException("the record is another service's");
    }
    Freshness.check("record", record.issuedAt, record.expires, now);
    if (!sealer.verify(record.identityKey, toSign(signed), signature)) {
      throw new MalformedException("the record is not signed by the identity it names");
    }
    sealer.agree(ANY_PRIVATE_KEY, record.knockKey);
    return record;
  }

  private void write(ByteWriter out) {
    out.u8(VERSION)
        .shortText(name.value())
        .bytes(identityKey.toByteArray())
        .bytes(linkKey.toByteArray())
        .bytes(knockKey.toByteArray());
    Candidate.write(out, candidates);
    profile.write(out);
    out.time(issuedAt).time(expires);
  }

  private static ServiceRecord read(ByteReader in) throws MalformedException {
    in.version(VERSION);
    try {
      return new ServiceRecord(
          new ServiceName(in.shortText(ServiceName.MAX_LENGTH)),
          PublicKey32.of(in.bytes(PublicKey32.LENGTH)),
          PublicKey32.of(in.bytes(PublicKey32.LENGTH)),
          PublicKey32.of(in.bytes(PublicKey32.LENGTH)),
          Candidate.read(in),
          NatProfile.read(in),
          in.time(),
          in.time());
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the record is not usable: " + e.getMessage(), e);
    }
  }

  private static byte[] toSign(byte[] fields) {
    return new ByteWriter().bytes(CONTEXT).bytes(fields).toByteArray();
  }
}
