package dev.sallyport.dht;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.wire.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.GetResponse;
import org.jspecify.annotations.Nullable;

/**
 * A mutable item of BEP 44 without salt.
 *
 * @param sequence its <code>seq</code>
 * @param value its <code>v</code>, bencoded, at most {@link #MAX_VALUE} bytes
 * @param signature 64 bytes, Ed25519 over <code>3:seqi</code> sequence <code>e1:v</code> value
 */
record MutableItem(long sequence, byte[] value, byte[] signature) {
  static final int MAX_VALUE = 1000;

  /** Where the items of a key are stored. */
  static Key target(PublicKey32 key) {
    return new Key(Digests.sha1().digest(key.toByteArray()));
  }

  static MutableItem sign(Sealer sealer, Slot slot, long sequence, byte[] value) {
    return new MutableItem(
        sequence, value, sealer.sign(slot.seed(), signedBytes(null, sequence, value)));
  }

  /** The item in an answer; null if there is none, or none that could be valid. Not verified. */
  static @Nullable MutableItem in(GetResponse answer) {
    ByteBuffer raw = answer.getRawValue();
    byte[] signature = answer.getSignature();
    if (raw == null || raw.remaining() == 0 || raw.remaining() > MAX_VALUE) {
      return null;
    }
    if (signature == null
        || signature.length != Sealer.SIGNATURE_LENGTH
        || answer.getSequenceNumber() < 0) {
      return null;
    }
    byte[] value = new byte[raw.remaining()];
    raw.duplicate().get(value);
    return new MutableItem(answer.getSequenceNumber(), value, signature);
  }

  boolean isBy(PublicKey32 key, Sealer sealer) {
    return sealer.verify(key, signedBytes(null, sequence, value), signature);
  }

  /** What the signature of an item is over. */
  static byte[] signedBytes(byte @Nullable [] salt, long sequence, byte[] value) {
    ByteWriter out = new ByteWriter();
    if (salt != null) {
      out.bytes(ascii("4:salt" + salt.length + ":")).bytes(salt);
    }
    return out.bytes(ascii("3:seqi" + sequence + "e1:v")).bytes(value).toByteArray();
  }

  boolean sameAs(@Nullable MutableItem other) {
    return other != null
        && sequence == other.sequence
        && Arrays.equals(value, other.value)
        && Arrays.equals(signature, other.signature);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
