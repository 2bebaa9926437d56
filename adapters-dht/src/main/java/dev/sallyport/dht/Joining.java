package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.Rendezvous.Presence;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lbms.plugins.mldht.kad.Key;

/**
 * Enters the network: a lookup of our own id, from the bootstrap nodes and the remembered ones at
 * once.
 *
 * <p>Threading: confined to the loop.
 */
final class Joining {
  private record Waiting(Consumer<Presence> joined, Consumer<RendezvousException> failed) {}

  private final Key self;
  private final NodeTable table;
  private final Lookups lookups;
  private final Entrances entrances;
  private final List<Waiting> waiting = new ArrayList<>();
  private boolean underway;
  private Duration took = Duration.ZERO;

  Joining(Key self, NodeTable table, Lookups lookups, Entrances entrances) {
    this.self = self;
    this.table = table;
    this.lookups = lookups;
    this.entrances = entrances;
  }

  /** Joins, unless that has been done or is underway. */
  void join(Consumer<Presence> joined, Consumer<RendezvousException> failed) {
    if (!underway && table.size() > 0) {
      joined.accept(new Presence(table.size(), took));
      return;
    }
    waiting.add(new Waiting(joined, failed));
    if (!underway) {
      start(Lookup.Kind.FIND_NODE);
    }
  }

  /** Asks all bootstrap nodes, whomever we know already. Fails if none of them answers. */
  void enter(Consumer<Presence> joined, Consumer<RendezvousException> failed) {
    waiting.add(new Waiting(joined, failed));
    if (!underway) {
      start(Lookup.Kind.ENTER);
    }
  }

  /** Sees to it that the network is being joined, if it is not known yet. */
  void ensure() {
    if (!underway && table.size() == 0) {
      start(Lookup.Kind.FIND_NODE);
    }
  }

  /** What to tell when nobody answered. */
  RendezvousException unreachable() {
    return new RendezvousException(
        Reason.UNREACHABLE, "no DHT node answers: " + entrances.describe());
  }

  private void start(Lookup.Kind kind) {
    underway = true;
    long began = System.nanoTime();
    entrances.search();
    lookups.start(
        self,
        kind,
        holder -> {},
        outcome -> ended(kind, outcome, Duration.ofNanos(System.nanoTime() - began)));
  }

  private void ended(Lookup.Kind kind, Lookup.Outcome outcome, Duration duration) {
    underway = false;
    took = duration;
    Presence presence = new Presence(Math.max(outcome.answered(), table.size()), took);
    boolean entered =
        kind == Lookup.Kind.ENTER ? outcome.seedsAnswered() > 0 : outcome.answered() > 0;
    List<Waiting> told = List.copyOf(waiting);
    waiting.clear();
    for (Waiting one : told) {
      if (entered) {
        one.joined().accept(presence);
      } else {
        one.failed().accept(unreachable());
      }
    }
  }
}
