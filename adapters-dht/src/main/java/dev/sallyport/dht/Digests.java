package dev.sallyport.dht;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two digests every JDK has. */
final class Digests {
  private Digests() {}

  static MessageDigest sha1() {
    return digest("SHA-1");
  }

  static MessageDigest sha256() {
    return digest("SHA-256");
  }

  private static MessageDigest digest(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks " + name, e);
    }
  }
}
