package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Hmac;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a caller says first on a secured connection: which call this is, who calls, that the caller
 * knows the id, all of it bound to this very TLS connection by both ends' keys, so that nobody can
 * pass it on. Immutable.
 *
 * <p>145 bytes: version 1, call nonce (16), caller's identity key (32), proof (32), signature (64).
 * Proof is HMAC-SHA-256 under the day's proof key, signature is the caller's identity's Ed25519
 * signature, both over: the text {@code sallyport/1 hello} and a zero byte, call nonce, caller's
 * identity key, caller's TLS key, service's TLS key.
 */
public final class Hello {
  /** Its length in bytes. */
  public static final int LENGTH =
      1 + CallNonce.LENGTH + PublicKey32.LENGTH + Hmac.LENGTH + Sealer.SIGNATURE_LENGTH;

  private static final int VERSION = 1;
  private static final byte[] CONTEXT = "sallyport/1 hello\0".getBytes(StandardCharsets.US_ASCII);

  private final CallNonce nonce;
  private final PublicKey32 callerKey;
  private final byte[] proof;
  private final byte[] signature;

  private Hello(CallNonce nonce, PublicKey32 callerKey, byte[] proof, byte[] signature) {
    this.nonce = nonce;
    this.callerKey = callerKey;
    this.proof = proof;
    this.signature = signature;
  }

  /**
   * Makes the caller's HELLO.
   *
   * @param keys the day whose record the caller found
   * @param callerTlsKey the key of our own certificate on this connection
   * @param serviceTlsKey the key of the peer's
   */
  public static Hello make(
      CallNonce nonce,
      Identity caller,
      DayKeys keys,
      PublicKey32 callerTlsKey,
      PublicKey32 serviceTlsKey,
      Sealer sealer) {
    byte[] said = said(nonce, caller.key(), callerTlsKey, serviceTlsKey);
    return new Hello(
        nonce, caller.key(), Hmac.sha256(keys.proofKey(), said), sealer.sign(caller.seed(), said));
  }

  /** Reads what {@link #encode} wrote; that it is true, only {@link #verify} says. */
  public static Hello decode(byte[] bytes) throws MalformedException {
    ByteReader in = new ByteReader(bytes, "the HELLO");
    in.version(VERSION);
    Hello hello =
        new Hello(
            CallNonce.read(in),
            PublicKey32.of(in.bytes(PublicKey32.LENGTH)),
            in.bytes(Hmac.LENGTH),
            in.bytes(Sealer.SIGNATURE_LENGTH));
    in.end();
    return hello;
  }

  /** The 145 bytes. */
  public byte[] encode() {
    return new ByteWriter()
        .u8(VERSION)
        .bytes(nonce.toByteArray())
        .bytes(callerKey.toByteArray())
        .bytes(proof)
        .bytes(signature)
        .toByteArray();
  }

  /**
   * Checks, as the service, that the caller knows the id and is who it says. The proof is compared
   * in constant time.
   *
   * @param served the keys of every day the service serves; near midnight the caller may use
   *     another day's than ours
   * @return the keys by which the proof holds, for the WELCOME; null if it holds by none, or the
   *     signature is wrong
   */
  public @Nullable DayKeys verify(
      List<DayKeys> served, PublicKey32 callerTlsKey, PublicKey32 serviceTlsKey, Sealer sealer) {
    byte[] said = said(nonce, callerKey, callerTlsKey, serviceTlsKey);
    for (DayKeys keys : served) {
      if (MessageDigest.isEqual(proof, Hmac.sha256(keys.proofKey(), said))) {
        return sealer.verify(callerKey, said, signature) ? keys : null;
      }
    }
    return null;
  }

  /** Names the call. */
  public CallNonce nonce() {
    return nonce;
  }

  /** Who calls; true only once verified. */
  public PublicKey32 callerKey() {
    return callerKey;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hello that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return nonce.hashCode();
  }

  @Override
  public String toString() {
    return "Hello(call " + nonce + ", caller " + callerKey + ")";
  }

  private static byte[] said(
      CallNonce nonce, PublicKey32 callerKey, PublicKey32 callerTlsKey, PublicKey32 serviceTlsKey) {
    return new ByteWriter()
        .bytes(CONTEXT)
        .bytes(nonce.toByteArray())
        .bytes(callerKey.toByteArray())
        .bytes(callerTlsKey.toByteArray())
        .bytes(serviceTlsKey.toByteArray())
        .toByteArray();
  }
}
