package dev.sallyport.domain.identity;

/**
 * Who somebody is for as long as the file lasts: an Ed25519 key pair (RFC 8032).
 *
 * @param key the public key
 * @param seed the private key; {@link #fromSeed} makes a pair that fits
 */
public record Identity(PublicKey32 key, Secret32 seed) {
  /** The key pair of a seed. */
  public static Identity fromSeed(Secret32 seed, Sealer sealer) {
    return new Identity(sealer.signingKey(seed), seed);
  }

  /** Shows the public key only. */
  @Override
  public String toString() {
    return "Identity(" + key + ")";
  }
}
