package dev.sallyport.domain.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * The opposite of a random source: it returns one seed. No public call of the JDK turns an Ed25519
 * seed into its public key, but the key pair generator does when this is its source. The only class
 * of the domain that touches {@link SecureRandom}.
 */
final class SeedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private SeedRandom(byte[] seed) {
    super(new Source(seed), null);
  }

  /** The Ed25519 key pair with this private key. */
  static KeyPair ed25519(byte[] seed) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new SeedRandom(seed));
    KeyPair pair = generator.generateKeyPair();
    // A provider that uses its source in another way would give us a stranger's identity.
    byte[] made = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    if (!Arrays.equals(made, seed)) {
      throw new GeneralSecurityException(
          "this JDK's Ed25519 generator does not take its seed as is");
    }
    return pair;
  }

  private static final class Source extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Source(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    protected void engineNextBytes(byte[] out) {
      if (out.length != seed.length) {
        throw new IllegalStateException(out.length + " bytes asked of a seed of " + seed.length);
      }
      System.arraycopy(seed, 0, out, 0, out.length);
    }

    @Override
    protected void engineSetSeed(byte[] ignored) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected byte[] engineGenerateSeed(int length) {
      throw new UnsupportedOperationException();
    }
  }
}
