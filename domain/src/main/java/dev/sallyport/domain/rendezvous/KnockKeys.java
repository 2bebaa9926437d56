package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Everything that comes from the shared secret of one knock: HKDF-SHA-256 with the salt {@code
 * sallyport/1} and an info of a label, the ephemeral key and the knock key. {@code knock} gives 44
 * bytes, the AES-256-GCM key and the nonce; {@code reply-mailbox} and {@code reply-key} 32 each.
 * The key seals one knock only, so its nonce need not be sent.
 */
final class KnockKeys {
  private static final int NONCE_LENGTH = 12;
  private static final byte[] NOTHING = {};

  private final Secret32 shared;
  private final PublicKey32 ephemeralKey;
  private final PublicKey32 knockKey;

  /**
   * @param shared X25519 of the two keys
   */
  KnockKeys(Secret32 shared, PublicKey32 ephemeralKey, PublicKey32 knockKey) {
    this.shared = shared;
    this.ephemeralKey = ephemeralKey;
    this.knockKey = knockKey;
  }

  byte[] seal(byte[] plain, Sealer sealer) {
    byte[] okm = okm();
    return sealer.seal(key(okm), nonce(okm), NOTHING, plain);
  }

  byte[] open(byte[] sealed, Sealer sealer) throws MalformedException {
    byte[] okm = okm();
    return sealer.open(key(okm), nonce(okm), NOTHING, sealed);
  }

  /** Costs as much as the knock's own key, so it is derived only for a knock that is good. */
  ReplyKeys reply(Sealer sealer) {
    Secret32 seed = Secret32.of(derive("reply-mailbox", Secret32.LENGTH));
    return new ReplyKeys(
        Derivation.slot(seed, sealer), Secret32.of(derive("reply-key", Secret32.LENGTH)));
  }

  private byte[] okm() {
    return derive("knock", Secret32.LENGTH + NONCE_LENGTH);
  }

  private static Secret32 key(byte[] okm) {
    return Secret32.of(Arrays.copyOf(okm, Secret32.LENGTH));
  }

  private static byte[] nonce(byte[] okm) {
    return Arrays.copyOfRange(okm, Secret32.LENGTH, okm.length);
  }

  private byte[] derive(String label, int length) {
    byte[] info =
        new ByteWriter()
            .bytes(label.getBytes(StandardCharsets.US_ASCII))
            .bytes(ephemeralKey.toByteArray())
            .bytes(knockKey.toByteArray())
            .toByteArray();
    return Derivation.derive(shared.toByteArray(), info, length);
  }
}
