package dev.sallyport.harness.architecture.offenders.domain.wire;

import dev.sallyport.harness.architecture.offenders.domain.session.Innocent;

public final class KnowsSession {
  private KnowsSession() {}

  public static int up(Innocent session) {
    return session.hashCode();
  }
}
