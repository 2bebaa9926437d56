package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.Hkdf;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import java.nio.charset.StandardCharsets;

/** The one way keys are derived here: HKDF-SHA-256 with the protocol and its version as salt. */
final class Derivation {
  private static final byte[] SALT = "sallyport/1".getBytes(StandardCharsets.US_ASCII);

  private Derivation() {}

  static byte[] derive(byte[] ikm, byte[] info, int length) {
    return Hkdf.derive(ikm, SALT, info, length);
  }

  static Secret32 secret(byte[] ikm, byte[] info) {
    return Secret32.of(derive(ikm, info, Secret32.LENGTH));
  }

  /** The slot whose Ed25519 seed this is. */
  static Slot slot(Secret32 seed, Sealer sealer) {
    return new Slot(new Topic(sealer.signingKey(seed)), seed);
  }
}
