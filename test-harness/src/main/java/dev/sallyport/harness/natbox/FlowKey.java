package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import org.jspecify.annotations.Nullable;

/** A protocol and two endpoints, as a key: the one on our side, and the remote. */
final class FlowKey {
  final boolean tcp;
  final Endpoint near;
  final Endpoint far;
  private final int hash;

  FlowKey(boolean tcp, Endpoint near, Endpoint far) {
    this.tcp = tcp;
    this.near = near;
    this.far = far;
    // Neighbouring ports on both sides are the rule here: a plain sum would make them collide.
    int mixed = near.hashCode() * 0x9e3779b9 ^ Integer.rotateLeft(far.hashCode() * 0x85ebca6b, 15);
    hash = tcp ? mixed : ~mixed;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FlowKey key
        && key.hash == hash
        && key.tcp == tcp
        && key.near.equals(near)
        && key.far.equals(far);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
