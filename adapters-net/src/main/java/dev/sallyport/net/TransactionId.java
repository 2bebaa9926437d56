package dev.sallyport.net;

import java.security.SecureRandom;

/**
 * The 96 bits that tie a STUN response to its request (RFC 8489 section 5). Random, so that nobody
 * off the path can answer for the server.
 */
record TransactionId(int first, int second, int third) {
  private static final SecureRandom RANDOM = new SecureRandom();

  static TransactionId next() {
    return new TransactionId(RANDOM.nextInt(), RANDOM.nextInt(), RANDOM.nextInt());
  }
}
