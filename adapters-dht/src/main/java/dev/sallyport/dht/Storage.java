package dev.sallyport.dht;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.GetResponse;

/**
 * Gets and puts the items of one key at single nodes, and finds the nodes to do it at.
 *
 * <p>Threading: confined to the loop.
 */
final class Storage {
  private final DhtNode node;
  private final Sealer sealer;
  private final Placements placements;

  /** Who waits for the end of a lookup that is running anyway. */
  private final Map<Topic, List<Consumer<Lookup.Outcome>>> running = new HashMap<>();

  Storage(DhtNode node, Sealer sealer, Placements placements) {
    this.node = node;
    this.sealer = sealer;
    this.placements = placements;
  }

  Loop loop() {
    return node.loop();
  }

  Sealer sealer() {
    return sealer;
  }

  /**
   * Looks a topic up, and remembers where it is.
   *
   * @param sink gets every holder's answer as it comes
   */
  void lookup(Topic topic, Consumer<Holder> sink, Consumer<Lookup.Outcome> end) {
    List<Consumer<Lookup.Outcome>> waiting =
        running.computeIfAbsent(topic, key -> new ArrayList<>());
    node.lookup(
        MutableItem.target(topic.key()),
        Lookup.Kind.GET,
        sink,
        outcome -> {
          placements.remember(topic, writable(outcome.closest()), System.nanoTime());
          end.accept(outcome);
          if (running.remove(topic, waiting)) {
            waiting.forEach(one -> one.accept(outcome));
          }
        });
  }

  /**
   * The holders to write to: as remembered, or as the lookup that is running finds them, or a new
   * one.
   *
   * @param sink gets them; none if nobody answers, or nobody takes items
   * @param unreachable called instead if nobody answers
   */
  void holders(
      Topic topic, Consumer<List<Holder>> sink, Consumer<RendezvousException> unreachable) {
    List<Holder> known = placements.fresh(topic, System.nanoTime());
    if (!known.isEmpty()) {
      sink.accept(known);
      return;
    }
    Consumer<Lookup.Outcome> end =
        outcome -> {
          if (outcome.answered() == 0) {
            unreachable.accept(node.joining().unreachable());
          } else {
            sink.accept(writable(outcome.closest()));
          }
        };
    List<Consumer<Lookup.Outcome>> waiting = running.get(topic);
    if (waiting != null) {
      waiting.add(end);
    } else {
      lookup(topic, holder -> {}, end);
    }
  }

  /** Forgets where a topic is: the nodes there do not take what we send. */
  void forget(Topic topic) {
    placements.forget(topic);
  }

  /**
   * Reads a topic at one node.
   *
   * @param newerThan asks for the item only if its sequence is higher; -1 for any
   */
  void get(Topic topic, Contact contact, long newerThan, Consumer<Reply> sink) {
    Key target = MutableItem.target(topic.key());
    node.rpc().ask(node.queries().get(target, newerThan), contact.address(), sink);
  }

  /**
   * Writes an item at one node.
   *
   * @param cas as {@link Queries#put}
   */
  void put(
      Slot slot, Contact contact, MutableItem item, byte[] token, long cas, Consumer<Reply> sink) {
    node.rpc()
        .ask(node.queries().put(slot.topic().key(), item, token, cas), contact.address(), sink);
  }

  /** The holder that an answer to {@link #get} makes of a node, if it has the same id still. */
  static Holder holder(Reply.Answer answer) {
    return answer.message() instanceof GetResponse get
        ? new Holder(answer.from(), get.getToken(), MutableItem.in(get))
        : new Holder(answer.from(), null, null);
  }

  private static List<Holder> writable(List<Holder> holders) {
    return holders.stream().filter(holder -> holder.token() != null).toList();
  }
}
