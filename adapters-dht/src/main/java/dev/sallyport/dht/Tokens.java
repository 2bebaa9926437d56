package dev.sallyport.dht;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import lbms.plugins.mldht.kad.Key;

/**
 * The tokens we hand out with answers and want back with a put (BEP 5): whoever has one receives
 * packets at that address. Each is good for 5 to 10 minutes, one address and one target.
 *
 * <p>Threading: safe from any thread.
 */
final class Tokens {
  static final int LENGTH = 8;
  private static final long ROTATION_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final SecureRandom random = new SecureRandom();
  private byte[] current = secret();
  private byte[] previous = secret();
  private long rotatedNanos;

  Tokens(long nowNanos) {
    rotatedNanos = nowNanos;
  }

  synchronized byte[] issue(InetAddress address, Key target, long nowNanos) {
    rotate(nowNanos);
    return token(current, address, target);
  }

  synchronized boolean isValid(byte[] token, InetAddress address, Key target, long nowNanos) {
    rotate(nowNanos);
    return MessageDigest.isEqual(token, token(current, address, target))
        || MessageDigest.isEqual(token, token(previous, address, target));
  }

  private void rotate(long nowNanos) {
    long age = nowNanos - rotatedNanos;
    if (age < ROTATION_NANOS) {
      return;
    }
    previous = age < 2 * ROTATION_NANOS ? current : secret();
    current = secret();
    rotatedNanos = nowNanos;
  }

  private byte[] secret() {
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    return secret;
  }

  private static byte[] token(byte[] secret, InetAddress address, Key target) {
    MessageDigest digest = Digests.sha256();
    digest.update(secret);
    digest.update(address.getAddress());
    digest.update(target.getHash());
    return Arrays.copyOf(digest.digest(), LENGTH);
  }
}
