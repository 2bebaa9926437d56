package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;

/** A flow between an inner endpoint and a remote one, by a mapping. As it is, of UDP. */
class Session extends Timed {
  final Mapping mapping;
  final Endpoint remote;

  /** As the host sees it: inner endpoint, remote. */
  final FlowKey inside;

  /** As the remote sees it: outer endpoint, remote. */
  final FlowKey outside;

  /** When a packet last went out by it. */
  long lastOut;

  /** Whether it is over, and only remembered for the filter. */
  boolean ghost;

  /** Whether it is still in the tables. */
  boolean listed;

  Session(boolean tcp, Mapping mapping, Endpoint remote) {
    this.mapping = mapping;
    this.remote = remote;
    inside = new FlowKey(tcp, mapping.inner, remote);
    outside = new FlowKey(tcp, mapping.outside(), remote);
  }
}
