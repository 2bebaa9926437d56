package dev.sallyport.harness.sim;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What a simulation needs of cryptography: what was signed or sealed with one key does not hold
 * with another. It hides nothing and stops no attacker, and costs next to nothing.
 */
final class SimSealer implements Sealer {
  private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

  @Override
  public PublicKey32 signingKey(Secret32 seed) {
    return PublicKey32.of(seed.toByteArray());
  }

  @Override
  public byte[] sign(Secret32 seed, byte[] message) {
    return checksum(SIGNATURE_LENGTH, seed.toByteArray(), message);
  }

  @Override
  public boolean verify(PublicKey32 key, byte[] message, byte[] signature) {
    return Arrays.equals(signature, checksum(SIGNATURE_LENGTH, key.toByteArray(), message));
  }

  @Override
  public PublicKey32 agreementKey(Secret32 privateKey) {
    return PublicKey32.of(privateKey.toByteArray());
  }

  /** The same from both ends, because it does not matter whose key is which. */
  @Override
  public Secret32 agree(Secret32 privateKey, PublicKey32 publicKey) {
    byte[] mine = privateKey.toByteArray();
    byte[] theirs = publicKey.toByteArray();
    byte[] both = new byte[mine.length];
    for (int i = 0; i < both.length; i++) {
      both[i] = (byte) (mine[i] + theirs[i]);
    }
    return Secret32.of(both);
  }

  @Override
  public byte[] seal(Secret32 key, byte[] nonce, byte[] associated, byte[] plain) {
    ByteBuffer sealed = ByteBuffer.allocate(plain.length + SEAL_OVERHEAD);
    sealed.put(plain).put(checksum(SEAL_OVERHEAD, key.toByteArray(), nonce, associated, plain));
    return sealed.array();
  }

  @Override
  public byte[] open(Secret32 key, byte[] nonce, byte[] associated, byte[] sealed)
      throws MalformedException {
    if (sealed.length < SEAL_OVERHEAD) {
      throw new MalformedException("what was sealed is cut short");
    }
    byte[] plain = Arrays.copyOf(sealed, sealed.length - SEAL_OVERHEAD);
    if (!Arrays.equals(sealed, seal(key, nonce, associated, plain))) {
      throw new MalformedException("it was sealed with another key");
    }
    return plain;
  }

  /** Mixes eight bytes at a time, and the length of each part. */
  private static byte[] checksum(int length, byte[]... parts) {
    long state = length;
    for (byte[] part : parts) {
      ByteBuffer words = ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN);
      while (words.remaining() >= Long.BYTES) {
        state = mix(state ^ words.getLong());
      }
      while (words.hasRemaining()) {
        state = mix(state ^ words.get());
      }
      state = mix(state ^ part.length);
    }
    ByteBuffer sum = ByteBuffer.allocate(length);
    while (sum.hasRemaining()) {
      state = mix(state);
      sum.putLong(state);
    }
    return sum.array();
  }

  private static long mix(long value) {
    long mixed = (value + MULTIPLIER) * MULTIPLIER;
    return mixed ^ (mixed >>> 29);
  }
}
