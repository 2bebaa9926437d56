package dev.sallyport.app.runner;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.session.TlsIdentity;
import java.util.Random;

/** Keys that a seed decides, for tests. */
final class Secrets {
  private Secrets() {}

  static TlsIdentity tls(Sealer sealer, Random random) {
    Secret32 seed = next(random);
    return new TlsIdentity(sealer.signingKey(seed), seed);
  }

  static Secret32 next(Random random) {
    byte[] bytes = new byte[Secret32.LENGTH];
    random.nextBytes(bytes);
    return Secret32.of(bytes);
  }
}
