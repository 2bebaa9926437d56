package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Hmac;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The service's answer to a {@link Hello}: this connection is the one. Who the service is, TLS has
 * shown by the link key that its signed record names. Immutable.
 *
 * <p>50 bytes: version 1, call nonce (16), flags (bit 0: the service echoes; bits this version does
 * not know are ignored), proof (32): HMAC-SHA-256 under the proof key that the HELLO's proof held
 * by, over the text {@code sallyport/1 welcome} and a zero byte, call nonce, caller's TLS key,
 * service's TLS key, flags.
 */
public final class Welcome {
  /** Its length in bytes. */
  public static final int LENGTH = 1 + CallNonce.LENGTH + 1 + Hmac.LENGTH;

  private static final int VERSION = 1;
  private static final int ECHOES = 1;
  private static final byte[] CONTEXT = "sallyport/1 welcome\0".getBytes(StandardCharsets.US_ASCII);

  private final CallNonce nonce;
  private final int flags;
  private final byte[] proof;

  private Welcome(CallNonce nonce, int flags, byte[] proof) {
    this.nonce = nonce;
    this.flags = flags;
    this.proof = proof;
  }

  /**
   * Makes the service's WELCOME.
   *
   * @param nonce the HELLO's
   * @param echoes whether the service sends every message back
   * @param keys what {@link Hello#verify} returned
   */
  public static Welcome make(
      CallNonce nonce,
      boolean echoes,
      DayKeys keys,
      PublicKey32 callerTlsKey,
      PublicKey32 serviceTlsKey) {
    int flags = echoes ? ECHOES : 0;
    return new Welcome(nonce, flags, proof(keys, nonce, callerTlsKey, serviceTlsKey, flags));
  }

  /** Reads what {@link #encode} wrote; that it is true, only {@link #verify} says. */
  public static Welcome decode(byte[] bytes) throws MalformedException {
    ByteReader in = new ByteReader(bytes, "the WELCOME");
    in.version(VERSION);
    Welcome welcome = new Welcome(CallNonce.read(in), in.u8(), in.bytes(Hmac.LENGTH));
    in.end();
    return welcome;
  }

  /** The 50 bytes. */
  public byte[] encode() {
    return new ByteWriter()
        .u8(VERSION)
        .bytes(nonce.toByteArray())
        .u8(flags)
        .bytes(proof)
        .toByteArray();
  }

  /**
   * Checks, as the caller, that it answers our HELLO on this connection, in constant time.
   *
   * @param expected the nonce of our HELLO
   * @param keys the keys our HELLO was made with
   */
  public boolean verify(
      CallNonce expected, DayKeys keys, PublicKey32 callerTlsKey, PublicKey32 serviceTlsKey) {
    return nonce.equals(expected)
        && MessageDigest.isEqual(proof, proof(keys, nonce, callerTlsKey, serviceTlsKey, flags));
  }

  public CallNonce nonce() {
    return nonce;
  }

  /** Whether the service says that it sends every message back. */
  public boolean echoes() {
    return (flags & ECHOES) != 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Welcome that && Arrays.equals(encode(), that.encode());
  }

  @Override
  public int hashCode() {
    return nonce.hashCode();
  }

  @Override
  public String toString() {
    return "Welcome(call " + nonce + ", flags " + flags + ")";
  }

  private static byte[] proof(
      DayKeys keys,
      CallNonce nonce,
      PublicKey32 callerTlsKey,
      PublicKey32 serviceTlsKey,
      int flags) {
    return Hmac.sha256(
        keys.proofKey(),
        new ByteWriter()
            .bytes(CONTEXT)
            .bytes(nonce.toByteArray())
            .bytes(callerTlsKey.toByteArray())
            .bytes(serviceTlsKey.toByteArray())
            .u8(flags)
            .toByteArray());
  }
}
