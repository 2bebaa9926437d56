package dev.sallyport.harness.architecture.offenders.domain.session;

import dev.sallyport.harness.architecture.offenders.domain.address.InnocentAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/** Stands on a package below its own, and takes its chance and its order from outside. */
public record Innocent(List<InnocentAddress> addresses, RandomGenerator chance) {
  public int roll() {
    return chance.nextInt(addresses.size());
  }
}
