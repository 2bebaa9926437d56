package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;

/**
 * AES-256-GCM with the nonce in front, bound to the slot it is stored under: what is moved to
 * another slot does not open.
 */
final class NonceBox {
  private static final int NONCE_LENGTH = 12;

  private NonceBox() {}

  static SealedItem seal(Secret32 key, byte[] nonce12, Slot slot, byte[] plain, Sealer sealer) {
    byte[] sealed = sealer.seal(key, nonce12, slot.topic().key().toByteArray(), plain);
    return SealedItem.of(new ByteWriter().bytes(nonce12).bytes(sealed).toByteArray());
  }

  static byte[] open(Secret32 key, SealedItem item, Slot slot, Sealer sealer)
      throws MalformedException {
    ByteReader in = new ByteReader(item.toByteArray(), "a sealed item");
    byte[] nonce = in.bytes(NONCE_LENGTH);
    byte[] sealed = in.bytes(in.remaining());
    return sealer.open(key, nonce, slot.topic().key().toByteArray(), sealed);
  }
}
