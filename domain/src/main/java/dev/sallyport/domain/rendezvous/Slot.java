package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.Secret32;

/**
 * A topic with the right to write to it: the seed of the Ed25519 key that the topic is. Whoever has
 * the id can derive it.
 */
public record Slot(Topic topic, Secret32 seed) {
  /** Shows the topic only. */
  @Override
  public String toString() {
    return "Slot(" + topic.key() + ")";
  }
}
