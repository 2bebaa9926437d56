package dev.sallyport.dht;

import dev.sallyport.domain.address.Endpoint;

/** What the nodes of {@link DhtNodes} have to tell a person. */
public sealed interface DhtEvent {
  /** Which node it is about. */
  Endpoint node();

  /** The node answers at its endpoint. */
  record Listening(Endpoint node) implements DhtEvent {}

  /** How many good nodes the node knows, when that has changed. */
  record Knows(Endpoint node, int nodes) implements DhtEvent {}

  /**
   * The node did not get into the network it was to enter; it goes on trying.
   *
   * @param why in one sentence, naming who was tried
   */
  record Alone(Endpoint node, String why) implements DhtEvent {}
}
