package dev.sallyport.domain.formats;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.wire.MalformedException;
import java.util.Arrays;

/**
 * No cryptography at all: what is sealed stays readable and every signature holds. It lets a test
 * reach the decoders behind the seal with bytes of its own.
 */
public final class PlainSealer implements Sealer {
  @Override
  public PublicKey32 signingKey(Secret32 seed) {
    return PublicKey32.of(seed.toByteArray());
  }

  @Override
  public byte[] sign(Secret32 seed, byte[] message) {
    return new byte[SIGNATURE_LENGTH];
  }

  @Override
  public boolean verify(PublicKey32 key, byte[] message, byte[] signature) {
    return true;
  }

  @Override
  public PublicKey32 agreementKey(Secret32 privateKey) {
    return PublicKey32.of(privateKey.toByteArray());
  }

  @Override
  public Secret32 agree(Secret32 privateKey, PublicKey32 publicKey) {
    byte[] ours = privateKey.toByteArray();
    byte[] theirs = publicKey.toByteArray();
    for (int i = 0; i < ours.length; i++) {
      ours[i] ^= theirs[i];
    }
    return Secret32.of(ours);
  }

  @Override
  public byte[] seal(Secret32 key, byte[] nonce, byte[] associated, byte[] plain) {
    return Arrays.copyOf(plain, plain.length + SEAL_OVERHEAD);
  }

  @Override
  public byte[] open(Secret32 key, byte[] nonce, byte[] associated, byte[] sealed)
      throws MalformedException {
    if (sealed.length < SEAL_OVERHEAD) {
      throw new MalformedException("cut short");
    }
    return Arrays.copyOf(sealed, sealed.length - SEAL_OVERHEAD);
  }
}
