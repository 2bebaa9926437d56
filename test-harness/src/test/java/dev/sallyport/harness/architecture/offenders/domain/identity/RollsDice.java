package dev.sallyport.harness.architecture.offenders.domain.identity;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;

public final class RollsDice {
  private RollsDice() {}

  public static double math() {
    return Math.random();
  }

  public static Random random() {
    return new Random();
  }

  public static SplittableRandom splittable() {
    return new SplittableRandom();
  }

  public static int threadLocal() {
    return ThreadLocalRandom.current().nextInt();
  }

  public static SecureRandom secure() {
    return new SecureRandom();
  }

  public static RandomGenerator generator() {
    return RandomGenerator.getDefault();
  }

  public static UUID uuid() {
    return UUID.randomUUID();
  }

  public static void shuffle(List<String> list) {
    Collections.shuffle(list);
  }

  public static KeyPair keyPair() throws GeneralSecurityException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  public static Key key() throws GeneralSecurityException {
    return KeyGenerator.getInstance("AES").generateKey();
  }

  public static void nonce(Cipher cipher, Key key) throws GeneralSecurityException {
    cipher.init(Cipher.ENCRYPT_MODE, key);
  }
}
