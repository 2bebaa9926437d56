package dev.sallyport.harness.architecture.offenders.net;

import dev.sallyport.harness.architecture.offenders.domain.address.InnocentAddress;
import org.slf4j.Logger;

/** Knows the domain and a library of its room. */
public final class Innocent {
  private Innocent() {}

  public static void address(InnocentAddress address) {}

  public static void log(Logger logger) {}
}
