package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import org.jspecify.annotations.Nullable;

/** An outer endpoint that is in use, and by whom. */
final class OuterPort {
  final PortKey key;

  /** Whose it is; where a box shares a port between hosts, who sent last from it. */
  @Nullable Mapping owner;

  /** How many mappings have it. */
  int mappings;

  OuterPort(PortKey key) {
    this.key = key;
  }

  /** This mapping's host has sent from it. A rule keeps its port all the same. */
  void usedBy(Mapping mapping) {
    if (owner == null || !owner.forwarded) {
      owner = mapping;
    }
  }

  /** A protocol and an endpoint. */
  record PortKey(boolean tcp, Endpoint endpoint) {
    @Override
    public int hashCode() {
      return tcp ? FlowKey.hash(endpoint) : ~FlowKey.hash(endpoint);
    }
  }
}
