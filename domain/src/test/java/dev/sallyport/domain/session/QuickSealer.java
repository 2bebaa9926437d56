package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keeps the promises of a sealer, against everybody but an attacker, for a thousandth of the price:
 * what was signed or sealed with one key does not hold with another. For tests.
 */
final class QuickSealer implements Sealer {

  @Override
  public PublicKey32 signingKey(Secret32 seed) {
    return PublicKey32.of(seed.toByteArray());
  }

  @Override
  public byte[] sign(Secret32 seed, byte[] message) {
    return tag(SIGNATURE_LENGTH, seed.toByteArray(), message);
  }

  @Override
  public boolean verify(PublicKey32 key, byte[] message, byte[] signature) {
    return Arrays.equals(signature, tag(SIGNATURE_LENGTH, key.toByteArray(), message));
  }

  @Override
  public PublicKey32 agreementKey(Secret32 privateKey) {
    return PublicKey32.of(privateKey.toByteArray());
  }

  @Override
  public Secret32 agree(Secret32 privateKey, PublicKey32 publicKey) {
    byte[] shared = privateKey.toByteArray();
    byte[] theirs = publicKey.toByteArray();
    for (int i = 0; i < shared.length; i++) {
      shared[i] ^= theirs[i];
    }
    return Secret32.of(shared);
  }

  @Override
  public byte[] seal(Secret32 key, byte[] nonce, byte[] associated, byte[] plain) {
    byte[] sealed = Arrays.copyOf(plain, plain.length + SEAL_OVERHEAD);
    byte[] tag = tag(SEAL_OVERHEAD, key.toByteArray(), nonce, associated, plain);
    System.arraycopy(tag, 0, sealed, plain.length, SEAL_OVERHEAD);
    return sealed;
  }

  @Override
  public byte[] open(Secret32 key, byte[] nonce, byte[] associated, byte[] sealed)
      throws MalformedException {
    int length = sealed.length - SEAL_OVERHEAD;
    if (length < 0) {
      throw new MalformedException("cut short");
    }
    byte[] plain = Arrays.copyOf(sealed, length);
    if (!Arrays.equals(sealed, seal(key, nonce, associated, plain))) {
      throw new MalformedException("sealed with another key");
    }
    return plain;
  }

  private static byte[] tag(int length, byte[]... parts) {
    long hash = 0xcbf29ce484222325L;
    for (byte[] part : parts) {
      for (byte b : part) {
        hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
      }
      hash = (hash ^ part.length) * 0x100000001b3L;
    }
    ByteBuffer tag = ByteBuffer.allocate(length);
    while (tag.hasRemaining()) {
      tag.putLong(hash);
      hash = hash * 6364136223846793005L + 1442695040888963407L;
    }
    return tag.array();
  }
}
