package dev.sallyport.harness.architecture.offenders.domain.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.spec.NamedParameterSpec;

/** The one exception, under its own name; all it does is allowed but for {@link Dice}. */
public final class SeedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private SeedRandom(SecureRandomSpi source) {
    super(source, null);
  }

  static KeyPair keyPair(SecureRandomSpi source) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    generator.initialize(NamedParameterSpec.ED25519, new SeedRandom(source));
    return generator.generateKeyPair();
  }

  /** The exception covers a given seed, and nothing that is drawn. */
  public static final class Dice {
    private Dice() {}

    public static SecureRandom secure() {
      return new SecureRandom();
    }

    public static void keyPair(KeyPairGenerator generator) throws GeneralSecurityException {
      generator.initialize(NamedParameterSpec.ED25519);
    }
  }
}
