package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.wire.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Everything that comes from the shared secret of one knock: HKDF-SHA-256 with the salt {@code
 * sallyport/1} and an info of a label, the ephemeral key and the knock key. {@code knock} gives 44
 * bytes, the AES-256-GCM key and the nonce; {@code reply-mailbox} and {@code reply-key} 32 each.
 * The key is used once, so its nonce need not be sent.
 */
record KnockKeys(Secret32 key, byte[] nonce, ReplyKeys reply) {
  private static final int NONCE_LENGTH = 12;

  static KnockKeys derive(
      Secret32 shared, PublicKey32 ephemeralKey, PublicKey32 knockKey, Sealer sealer) {
    byte[] ikm = shared.toByteArray();
    byte[] okm =
        Derivation.derive(
            ikm, info("knock", ephemeralKey, knockKey), Secret32.LENGTH + NONCE_LENGTH);
    return new KnockKeys(
        Secret32.of(Arrays.copyOf(okm, Secret32.LENGTH)),
        Arrays.copyOfRange(okm, Secret32.LENGTH, okm.length),
        new ReplyKeys(
            Derivation.slot(
                Derivation.secret(ikm, info("reply-mailbox", ephemeralKey, knockKey)), sealer),
            Derivation.secret(ikm, info("reply-key", ephemeralKey, knockKey))));
  }

  private static byte[] info(String label, PublicKey32 ephemeralKey, PublicKey32 knockKey) {
    return new ByteWriter()
        .bytes(label.getBytes(StandardCharsets.US_ASCII))
        .bytes(ephemeralKey.toByteArray())
        .bytes(knockKey.toByteArray())
        .toByteArray();
  }
}
