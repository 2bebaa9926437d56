package dev.sallyport.dht;

import dev.sallyport.domain.address.AddressScope;
import java.net.InetAddress;
import java.util.function.Supplier;

/**
 * The policy in force: what the configuration says, until a bootstrap name turns out to be local.
 *
 * <p>Threading: safe from any thread.
 */
final class PolicyChoice implements Supplier<CandidatePolicy> {
  private final boolean mayTurnPrivate;
  private volatile CandidatePolicy policy;

  PolicyChoice(DhtConfig config) {
    mayTurnPrivate = config.mayTurnPrivate();
    policy = config.initialPolicy();
  }

  @Override
  public CandidatePolicy get() {
    return policy;
  }

  /** A bootstrap name was resolved. */
  void entranceAt(InetAddress address) {
    if (mayTurnPrivate && !AddressScope.of(address).isGlobal()) {
      policy = CandidatePolicy.PRIVATE;
    }
  }
}
