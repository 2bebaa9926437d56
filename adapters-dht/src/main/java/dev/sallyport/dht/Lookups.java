package dev.sallyport.dht;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.MessageBase;

/**
 * The lookups of one node: starts them with the nodes known, and feeds those that starve with nodes
 * found meanwhile. Only so many run at once; the others wait.
 *
 * <p>Threading: confined to the loop.
 */
final class Lookups implements Lookup.Surroundings {
  private static final int MAX_RUNNING = 16;
  private static final int MAX_WAITING = 256;
  private static final int FROM_TABLE = 16;

  private final Key self;
  private final NodeTable table;
  private final Queries queries;
  private final Rpc rpc;
  private final Supplier<CandidatePolicy> policy;
  private final Loop loop;
  private final Entrances entrances;

  private final List<Lookup> running = new ArrayList<>();
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  Lookups(
      Key self,
      NodeTable table,
      Queries queries,
      Rpc rpc,
      Supplier<CandidatePolicy> policy,
      Loop loop,
      Entrances entrances) {
    this.self = self;
    this.table = table;
    this.queries = queries;
    this.rpc = rpc;
    this.policy = policy;
    this.loop = loop;
    this.entrances = entrances;
  }

  /** Starts a lookup; with too many about, it ends at once with nothing. */
  void start(Key target, Lookup.Kind kind, Consumer<Holder> sink, Consumer<Lookup.Outcome> end) {
    if (running.size() < MAX_RUNNING) {
      run(target, kind, sink, end);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(() -> run(target, kind, sink, end));
    } else {
      end.accept(Lookup.Outcome.NOTHING);
    }
  }

  private void run(
      Key target, Lookup.Kind kind, Consumer<Holder> sink, Consumer<Lookup.Outcome> end) {
    Candidates candidates = new Candidates(target, self, policy);
    table.closest(target, FROM_TABLE).forEach(candidates::offer);
    if (candidates.size() < Lookup.CLOSEST) {
      entrances.remembered().forEach(candidates::offer);
    }
    entrances.seeds().forEach(candidates::offerSeed);
    Lookup lookup =
        new Lookup(
            target, kind, candidates, this, sink, (ended, outcome) -> ended(ended, outcome, end));
    running.add(lookup);
    lookup.start();
  }

  private void ended(Lookup lookup, Lookup.Outcome outcome, Consumer<Lookup.Outcome> end) {
    running.remove(lookup);
    end.accept(outcome);
    Runnable next = waiting.poll();
    if (next != null) {
      next.run();
    }
  }

  /** Our own id. */
  Key self() {
    return self;
  }

  /** Nodes found, by whomever. */
  void found(List<Contact> contacts) {
    feed(candidates -> contacts.forEach(candidates::offer));
  }

  /** A bootstrap node's address found. */
  void foundSeed(InetSocketAddress address) {
    feed(candidates -> candidates.offerSeed(address));
  }

  /** No more bootstrap nodes will be found: who waited for one may end. */
  void foundAll() {
    feed(candidates -> {});
  }

  private void feed(Consumer<Candidates> feeding) {
    for (Lookup lookup : List.copyOf(running)) {
      if (lookup.isStarving()) {
        feeding.accept(lookup.candidates());
        lookup.advance();
      }
    }
  }

  @Override
  public void ask(MessageBase query, InetSocketAddress to, Consumer<Reply> sink) {
    rpc.ask(query, to, sink);
  }

  @Override
  public Queries queries() {
    return queries;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public boolean moreSeedsMayCome() {
    return entrances.isSearching();
  }
}
