package dev.sallyport.dht;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A {@link Rendezvous} in the mainline DHT: BEP 44 mutable items on the eight nodes closest to a
 * slot's key. The package says what they look like.
 *
 * <ul>
 *   <li>Everything may be called at once, and before {@link #join}: a lookup starts from the
 *       bootstrap nodes themselves.
 *   <li>A {@link #lookup} of a mailbox's topic delivers the knocks in it, and remembers for a
 *       minute where it is: a {@link #knock} within that time takes one round trip.
 *   <li>An item is delivered once three nodes took it, or all if there are fewer; a knock's stage
 *       completes at that moment while others are still taking it.
 *   <li>Items expire at the nodes after two hours: publish again well before.
 * </ul>
 *
 * <p>Threading: as {@link Rendezvous} says. Sinks are called, and stages completed, on one thread
 * of this node.
 */
public final class DhtRendezvous implements Rendezvous {
  private static final Duration KNOCK_PATIENCE = Duration.ofSeconds(10);

  private final DhtNode node;
  private final Sealer sealer;
  private final InstantSource clock;
  private final Duration patience;
  private final Storage storage;

  /**
   * @param node closed by {@link #close}
   * @param sealer signs and verifies the items
   */
  public DhtRendezvous(DhtNode node, Sealer sealer) {
    this(node, sealer, InstantSource.system(), KNOCK_PATIENCE);
  }

  DhtRendezvous(DhtNode node, Sealer sealer, InstantSource clock, Duration patience) {
    this.patience = patience;
    this.node = node;
    this.sealer = sealer;
    this.clock = clock;
    this.storage = new Storage(node, sealer, new Placements());
    Thread warmUp = new Thread(this::warmUp, "dht-warm-up");
    warmUp.setDaemon(true);
    warmUp.start();
  }

  /** In a fresh JVM the first signature costs as much as a round trip; this is beside the first. */
  private void warmUp() {
    Secret32 seed = Secret32.of(new byte[Secret32.LENGTH]);
    byte[] message = new byte[1];
    sealer.verify(sealer.signingKey(seed), message, sealer.sign(seed, message));
  }

  @Override
  public CompletionStage<Presence> join() {
    return node.join();
  }

  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("a sequence is not negative: " + sequence);
    }
    return write(
        slot,
        (holders, done, failed) ->
            new RecordWriter(
                    storage,
                    slot,
                    MutableItem.sign(sealer, slot, sequence, ItemCodec.record(item)),
                    holders,
                    done,
                    failed)
                .start());
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    CompletableFuture<Lookup> promise = node.promises().make();
    Reading reading = new Reading(topic, sealer, new ItemSink(node.sinks(), sink));
    node.loop()
        .execute(
            () ->
                storage.lookup(
                    topic,
                    reading::heard,
                    outcome -> {
                      if (outcome.answered() > 0) {
                        Lookup result = new Lookup(outcome.answered(), outcome.asked());
                        node.promises().keep(promise, result);
                      } else {
                        node.promises().fail(promise, node.joining().unreachable());
                      }
                    }));
    return promise;
  }

  @Override
  public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
    MailboxEntry entry = MailboxEntry.of(knock, expires);
    if (!ItemCodec.fits(ItemCodec.mailbox(List.of(entry)))) {
      CompletableFuture<Delivery> refused = node.promises().make();
      String message = "a knock of " + knock.length() + " bytes does not fit into a mailbox";
      node.promises().fail(refused, new RendezvousException(Reason.REJECTED, message));
      return refused;
    }
    return write(
        mailbox,
        (holders, done, failed) ->
            new MailboxWriter(storage, clock, mailbox, entry, holders, done, failed)
                .start(patience));
  }

  @Override
  public CompletionStage<Delivery> reply(Slot mailbox, SealedItem reply, Instant expires) {
    return knock(mailbox, reply, expires);
  }

  /**
   * @throws RendezvousException {@code CLOSED} after {@link #close}
   */
  @Override
  public Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink) {
    if (node.isClosed()) {
      throw new RendezvousException(Reason.CLOSED, "the DHT node was closed");
    }
    MailboxWatch watch =
        new MailboxWatch(
            storage, clock, this::isUnthrottled, mailbox, pace, new ItemSink(node.sinks(), sink));
    node.loop().execute(watch::start);
    return watch;
  }

  /** Closes the node as well. */
  @Override
  public void close() {
    node.close();
  }

  /** How one kind of item is written at its holders. */
  private interface Writer {
    void write(List<Holder> holders, Consumer<Delivery> done, Consumer<RendezvousException> failed);
  }

  private CompletionStage<Delivery> write(Slot slot, Writer writer) {
    CompletableFuture<Delivery> promise = node.promises().make();
    Consumer<RendezvousException> failed = failure -> node.promises().fail(promise, failure);
    node.loop()
        .execute(
            () ->
                storage.holders(
                    slot.topic(),
                    holders -> {
                      if (holders.isEmpty()) {
                        failed.accept(
                            new RendezvousException(
                                Reason.REJECTED, "the DHT nodes that answer store no items"));
                      } else {
                        writer.write(
                            holders, delivery -> node.promises().keep(promise, delivery), failed);
                      }
                    },
                    failed));
    return promise;
  }

  /** Our own nodes in a network of our own throttle so little that a look may be taken any time. */
  private boolean isUnthrottled(InetSocketAddress holder) {
    return node.isPrivate() && node.table().isOurs(holder.getAddress());
  }
}
