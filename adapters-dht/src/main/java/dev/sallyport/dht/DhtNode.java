package dev.sallyport.dht;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.Rendezvous.Presence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import lbms.plugins.mldht.kad.Key;

/**
 * A node of a DHT on one UDP socket: asks others, and answers them unless it is read-only. {@link
 * DhtRendezvous} and {@link DhtReflector} stand on it.
 *
 * <p>Threading: all methods from any thread; none blocks but {@link #start}, for some ten
 * milliseconds, and {@link #close}, for less than 200.
 */
public final class DhtNode implements AutoCloseable {
  /** mldht's own rate towards one address, which others expect. */
  private static final Throttle.Rate POLITE = new Throttle.Rate(10, 2);

  /**
   * What we take from one address of the public network, and so what our own nodes may be sent.
   * Dozens of callers behind one NAT look like one busy node; for reflection by forged sources it
   * is little.
   */
  private static final Throttle.Rate GENEROUS = new Throttle.Rate(300, 30);

  private static final Throttle.Rate UNTHROTTLED = new Throttle.Rate(10_000, 5_000);

  private static final int MAX_SAVE_MILLIS = 150;

  private final DhtThreads threads;
  private final boolean ownsThreads;
  private final NodeTable table;
  private final ItemStore items;
  private final NodeCache cache;
  private final Queries queries;
  private final Rpc rpc;
  private final Lookups lookups;
  private final Joining joining;
  private final Observations observations;
  private final PolicyChoice policy;
  private final Upkeep upkeep;
  private final Promises promises;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Starts a node on the first of the configured addresses.
   *
   * @param sealer verifies what is stored
   * @throws IOException if the address or port cannot be used, in one sentence
   */
  public static DhtNode start(DhtConfig config, Sealer sealer) throws IOException {
    return start(config, sealer, InetAddress::getAllByName);
  }

  static DhtNode start(DhtConfig config, Sealer sealer, Entrances.Names names) throws IOException {
    DhtThreads threads = DhtThreads.start();
    try {
      InetAddress bind = config.bind().isEmpty() ? anyLocal() : config.bind().getFirst();
      return new DhtNode(config, bind, sealer, threads, true, names);
    } catch (IOException | RuntimeException e) {
      threads.close();
      throw e;
    }
  }

  DhtNode(
      DhtConfig config,
      InetAddress bind,
      Sealer sealer,
      DhtThreads threads,
      boolean ownsThreads,
      Entrances.Names names)
      throws IOException {
    this.threads = threads;
    this.ownsThreads = ownsThreads;
    promises = new Promises(threads.sinks());
    Key root = Key.createRandomKey();
    Key self = MldhtCore.idOf(root);
    policy = new PolicyChoice(config);
    table = new NodeTable(self, policy);
    items = new ItemStore(sealer);
    cache = new NodeCache(config.cache(), config);
    queries = new Queries(config.readOnly());
    QueryAnswers answers =
        new QueryAnswers(config.readOnly(), table, items, new Tokens(System.nanoTime()));
    Throttle incoming = new Throttle(from -> isPrivate() ? UNTHROTTLED : GENEROUS);
    Throttle outgoing = new Throttle(this::outgoingRate);
    MldhtCore core = new MldhtCore(root, threads.packets(), answers);
    rpc =
        new Rpc(core.open(bind, config.port(), incoming, outgoing), threads.loop(), this::observe);
    observations = new Observations(rpc.port());
    Entrances entrances = new Entrances(config, policy, cache, names, threads.loop(), new Found());
    lookups = new Lookups(self, table, queries, rpc, policy, threads.loop(), entrances);
    joining = new Joining(self, table, lookups, entrances);
    answers.tell(new Verifier(table, queries, rpc)::asked);
    upkeep = new Upkeep(this, lookups, this::saveInBackground, config.readOnly());
    upkeep.start();
  }

  /** Where it is bound: any-local if nothing else was configured. */
  public Endpoint local() {
    return new Endpoint(rpc.bindAddress(), rpc.port());
  }

  /** How many good nodes it knows. */
  public int knownNodes() {
    return table.size();
  }

  /** Enters the network; as {@link dev.sallyport.domain.rendezvous.Rendezvous#join}. */
  public CompletionStage<Presence> join() {
    CompletableFuture<Presence> promise = promises.make();
    threads
        .loop()
        .execute(
            () ->
                joining.join(
                    presence -> promises.keep(promise, presence),
                    failure -> promises.fail(promise, failure)));
    return promise;
  }

  /** As {@link #join}, from all bootstrap nodes even if other nodes are known. */
  CompletableFuture<Presence> enter() {
    CompletableFuture<Presence> promise = promises.make();
    threads
        .loop()
        .execute(
            () ->
                joining.enter(
                    presence -> promises.keep(promise, presence),
                    failure -> promises.fail(promise, failure)));
    return promise;
  }

  /** Tells it of nodes that are known to be good, without asking them. */
  void introduce(DhtNode other) {
    Contact contact =
        new Contact(other.id(), new InetSocketAddress(other.local().address(), other.rpc.port()));
    table.heard(contact, true, System.nanoTime());
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    promises.close();
    upkeep.stop();
    rpc.close();
    Thread saving = saveInBackground();
    try {
      saving.join(MAX_SAVE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (ownsThreads) {
      threads.close();
    }
  }

  /** Its id in the network. */
  Key id() {
    return lookups.self();
  }

  boolean isClosed() {
    return closed.get();
  }

  boolean isPrivate() {
    return policy.get() == CandidatePolicy.PRIVATE;
  }

  Loop loop() {
    return threads.loop();
  }

  Loop sinks() {
    return threads.sinks();
  }

  NodeTable table() {
    return table;
  }

  ItemStore items() {
    return items;
  }

  Queries queries() {
    return queries;
  }

  Rpc rpc() {
    return rpc;
  }

  Promises promises() {
    return promises;
  }

  Joining joining() {
    return joining;
  }

  Observations observations() {
    return observations;
  }

  /** Starts a lookup, and joins the network beside it if that was not done. On the loop. */
  void lookup(Key target, Lookup.Kind kind, Consumer<Holder> sink, Consumer<Lookup.Outcome> end) {
    joining.ensure();
    lookups.start(target, kind, sink, end);
  }

  private Throttle.Rate outgoingRate(InetAddress to) {
    if (isPrivate()) {
      return UNTHROTTLED;
    }
    return table.isOurs(to) ? GENEROUS : POLITE;
  }

  private void observe(InetSocketAddress node, Reply reply) {
    switch (reply) {
      case Reply.Answer answer -> {
        long now = System.nanoTime();
        boolean ours = MldhtCore.isOurVersion(answer.message());
        observations.heard(node, answer, now);
        if (table.heard(answer.from(), ours, now)) {
          lookups.found(List.of(answer.from()));
        }
      }
      case Reply.Refusal refusal -> {}
      case Reply.Late late -> table.late(node);
      case Reply.Silence silence -> table.failed(node);
    }
  }

  private Thread saveInBackground() {
    List<Contact> good = table.freshest(NodeCache.MAX_NODES);
    Thread saving = new Thread(() -> cache.save(good), "dht-save");
    saving.setDaemon(true);
    saving.start();
    return saving;
  }

  static InetAddress anyLocal() {
    return IpLiteral.of(new byte[4]);
  }

  /** What the entrances lead to. */
  private final class Found implements Entrances.Finder {
    @Override
    public void foundSeed(InetSocketAddress address) {
      lookups.foundSeed(address);
    }

    @Override
    public void foundContacts(List<Contact> contacts) {
      lookups.found(contacts);
    }

    @Override
    public void foundAll() {
      lookups.foundAll();
    }
  }
}
