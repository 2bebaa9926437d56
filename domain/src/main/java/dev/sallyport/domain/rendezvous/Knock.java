package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.domain.wire.WireTime;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A caller's request that a service open towards it, now. Sealed to the service's knock key, signed
 * by the caller. The layout stands in the package comment. Times are kept in whole milliseconds.
 *
 * @param callerKey the caller's identity
 * @param candidates where the service should dial, at most 8; of a private address one port only,
 *     so that a stranger cannot have us scan the computers next to us
 * @param recordIssuedAt which record it answers
 * @param nonce names the call, in knock, reply, HELLO and WELCOME
 * @param expires after {@code issuedAt}, by at most {@link #MAX_LIFETIME}
 */
public record Knock(
    PublicKey32 callerKey,
    List<Candidate> candidates,
    NatProfile profile,
    Strategy strategy,
    Instant recordIssuedAt,
    CallNonce nonce,
    Instant issuedAt,
    Instant expires) {

  /** Nobody waits for longer. */
  public static final Duration MAX_LIFETIME = Duration.ofMinutes(10);

  private static final int VERSION = 1;
  private static final byte[] CONTEXT = "sallyport/1 knock\0".getBytes(StandardCharsets.US_ASCII);

  /** A sealed knock, and where its reply will be. */
  public record Sealed(SealedItem item, ReplyKeys keys) {}

  /** An opened and verified knock, and where its reply goes. */
  public record Opened(Knock knock, ReplyKeys keys) {}

  public Knock {
    candidates = List.copyOf(candidates);
    if (candidates.size() > Candidate.MAX_COUNT) {
      throw new IllegalArgumentException(
          "a knock has at most 8 candidates, not " + candidates.size());
    }
    Set<InetAddress> privates = new HashSet<>();
    for (Candidate candidate : candidates) {
      if (candidate.endpoint().scope() == AddressScope.LOOPBACK) {
        throw new IllegalArgumentException("a knock has no loopback candidates");
      }
      if (!candidate.endpoint().scope().isGlobal()
          && !privates.add(candidate.endpoint().address())) {
        throw new IllegalArgumentException(
            "a knock has one candidate for a private address, not several for "
                + IpLiteral.format(candidate.endpoint().address()));
      }
    }
    recordIssuedAt = WireTime.of(recordIssuedAt);
    issuedAt = WireTime.of(issuedAt);
    expires = WireTime.of(expires);
    if (!expires.isAfter(issuedAt) || expires.isAfter(issuedAt.plus(MAX_LIFETIME))) {
      throw new IllegalArgumentException("a knock of " + issuedAt + " cannot expire at " + expires);
    }
  }

  /**
   * Signs and seals a knock.
   *
   * @param id the service it is for; it is signed but not sent
   * @param knockKey from the service's record, which was opened and so checked
   * @param ephemeral an X25519 private key, 32 random bytes, new for every knock
   * @throws IllegalArgumentException if it is another caller's knock, or {@code knockKey} is of low
   *     order
   */
  public static Sealed seal(
      Knock knock,
      Identity caller,
      ServiceId id,
      PublicKey32 knockKey,
      Secret32 ephemeral,
      Sealer sealer) {
    if (!caller.key().equals(knock.callerKey)) {
      throw new IllegalArgumentException("a knock is signed by its own caller");
    }
    ByteWriter fields = new ByteWriter();
    knock.write(fields);
    byte[] signed = fields.toByteArray();
    fields.bytes(sealer.sign(caller.seed(), toSign(id, signed)));
    try {
      PublicKey32 ephemeralKey = sealer.agreementKey(ephemeral);
      KnockKeys keys = new KnockKeys(sealer.agree(ephemeral, knockKey), ephemeralKey, knockKey);
      byte[] sealed = keys.seal(fields.toByteArray(), sealer);
      return new Sealed(
          SealedItem.of(
              new ByteWriter().bytes(ephemeralKey.toByteArray()).bytes(sealed).toByteArray()),
          keys.reply(sealer));
    } catch (MalformedException e) {
      throw new IllegalArgumentException("no knock key: " + e.getMessage(), e);
    }
  }

  /**
   * Opens and checks a knock: version, bounds, the signature for this very service, that it was
   * issued no more than 10 minutes ahead of {@code now} and expired no more than 10 minutes before.
   * Whether it was seen before is for the {@link ReplayCache} to say, whether the caller is welcome
   * for the caller of this method.
   *
   * @throws MalformedException for anything that is not a knock for this service, good now
   */
  public static Opened open(
      SealedItem item, ServiceId id, Secret32 knockPrivate, Sealer sealer, Instant now)
      throws MalformedException {
    ByteReader outer = new ByteReader(item.toByteArray(), "the knock");
    PublicKey32 ephemeralKey = PublicKey32.of(outer.bytes(PublicKey32.LENGTH));
    byte[] sealed = outer.bytes(outer.remaining());
    KnockKeys keys =
        new KnockKeys(
            sealer.agree(knockPrivate, ephemeralKey),
            ephemeralKey,
            sealer.agreementKey(knockPrivate));
    byte[] plain = keys.open(sealed, sealer);
    ByteReader in = new ByteReader(plain, "the knock");
    Knock knock = read(in);
    byte[] signed = Arrays.copyOf(plain, in.position());
    byte[] signature = in.bytes(Sealer.SIGNATURE_LENGTH);
    in.end();
    Freshness.check("knock", knock.issuedAt, knock.expires, now);
    if (!sealer.verify(knock.callerKey, toSign(id, signed), signature)) {
      throw new MalformedException("the knock is not signed by the caller it names");
    }
    return new Opened(knock, keys.reply(sealer));
  }

  private void write(ByteWriter out) {
    out.u8(VERSION).bytes(callerKey.toByteArray());
    Candidate.write(out, candidates);
    profile.write(out);
    strategy.write(out);
    out.time(recordIssuedAt).bytes(nonce.toByteArray()).time(issuedAt);
    // Three bytes of lifetime rather than six of expiry: a mailbox is small, and shared.
    int lifetimeMillis = (int) Duration.between(issuedAt, expires).toMillis();
    out.u8(lifetimeMillis >>> 16).u16(lifetimeMillis & 0xffff);
  }

  private static Knock read(ByteReader in) throws MalformedException {
    in.version(VERSION);
    PublicKey32 callerKey = PublicKey32.of(in.bytes(PublicKey32.LENGTH));
    List<Candidate> candidates = Candidate.read(in);
    NatProfile profile = NatProfile.read(in);
    Strategy strategy = Strategy.read(in);
    Instant recordIssuedAt = in.time();
    CallNonce nonce = CallNonce.read(in);
    Instant issuedAt = in.time();
    int lifetimeMillis = in.u8() << 16 | in.u16();
    try {
      return new Knock(
          callerKey,
          candidates,
          profile,
          strategy,
          recordIssuedAt,
          nonce,
          issuedAt,
          issuedAt.plusMillis(lifetimeMillis));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the knock is not usable: " + e.getMessage(), e);
    }
  }

  private static byte[] toSign(ServiceId id, byte[] fields) {
    return new ByteWriter().bytes(CONTEXT).bytes(id.toByteArray()).bytes(fields).toByteArray();
  }
}
