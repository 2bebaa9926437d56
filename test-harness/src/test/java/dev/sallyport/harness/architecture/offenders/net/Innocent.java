package dev.sallyport.harness.architecture.offenders.net;

import dev.sallyport.harness.architecture.offenders.domain.address.InnocentAddress;
import org.bouncycastle.asn1.x500.X500Name;

/** Knows the domain and its own library. */
public final class Innocent {
  private Innocent() {}

  public static void address(InnocentAddress address) {}

  public static void name(X500Name name) {}
}
