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
    int mixed = hash(near) * 31 + Integer.rotateLeft(hash(far), 15);
    hash = tcp ? mixed : ~mixed;
  }

  /** Neighbouring addresses and ports are the rule here: a plain sum would make them collide. */
  static int hash(Endpoint endpoint) {
    return (endpoint.address().hashCode() * 0x9e3779b9) ^ (endpoint.port() * 0x85ebca6b);
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
