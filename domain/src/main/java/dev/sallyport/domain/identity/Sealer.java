package dev.sallyport.domain.identity;

import dev.sallyport.domain.wire.MalformedException;

/**
 * Port: the cryptography the formats are made of. {@link JdkSealer} is the real one; a simulation
 * may pass a cheap one, because what it studies is the network.
 *
 * <p>Pure functions: no state, no randomness, safe from any thread.
 */
public interface Sealer {
  /** How many bytes a signature has. */
  int SIGNATURE_LENGTH = 64;

  /** How many bytes sealing adds. */
  int SEAL_OVERHEAD = 16;

  /** The Ed25519 public key of a seed (RFC 8032 section 5.1.5). */
  PublicKey32 signingKey(Secret32 seed);

  /** An Ed25519 signature, 64 bytes (RFC 8032 section 5.1.6). */
  byte[] sign(Secret32 seed, byte[] message);

  /**
   * Whether {@code signature} is {@code key}'s over {@code message}; false for any malformed input.
   */
  boolean verify(PublicKey32 key, byte[] message, byte[] signature);

  /** The X25519 public key of a private key (RFC 7748 section 6.1). */
  PublicKey32 agreementKey(Secret32 privateKey);

  /**
   * The X25519 shared secret (RFC 7748 section 6.1).
   *
   * @throws MalformedException if {@code publicKey} is of low order, so that the result would be
   *     zero
   */
  Secret32 agree(Secret32 privateKey, PublicKey32 publicKey) throws MalformedException;

  /**
   * AES-256-GCM (NIST SP 800-38D): the ciphertext followed by its 16-byte tag.
   *
   * @param nonce 12 bytes, never used twice with one key
   */
  byte[] seal(Secret32 key, byte[] nonce, byte[] associated, byte[] plain);

  /**
   * Undoes {@link #seal}.
   *
   * @throws MalformedException if it was not sealed with this key, nonce and associated data
   */
  byte[] open(Secret32 key, byte[] nonce, byte[] associated, byte[] sealed)
      throws MalformedException;
}
