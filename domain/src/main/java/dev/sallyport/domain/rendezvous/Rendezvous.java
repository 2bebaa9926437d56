package dev.sallyport.domain.rendezvous;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Port: a place where peers leave sealed bytes for each other under a {@link Topic}. It knows
 * nothing of what is inside, and nothing it says is trusted: whoever reads opens and verifies.
 *
 * <p>Two kinds of slots: under one, the item with the highest sequence number wins ({@link
 * #publish}, {@link #lookup}); a mailbox holds a <em>set</em> of items ({@link #knock}, {@link
 * #reply}, {@link #watch}).
 *
 * <p>Threading: no method blocks; all may be called from any thread. Sinks are called on the
 * implementation's threads, for one call one at a time, and must not block. Stages fail with {@link
 * RendezvousException} and nothing else. After {@link #close} everything fails with reason {@code
 * CLOSED}, pending stages included.
 */
public interface Rendezvous extends AutoCloseable {

  /**
   * Connects to the back end. May be called more than once; every other method works without it,
   * and waits for it as long as needed.
   *
   * @return how many peers or servers are there to talk to; fails with {@code UNREACHABLE}, naming
   *     who was tried, when nobody answers
   */
  CompletionStage<Presence> join();

  /**
   * Stores an item under a slot. Of several, the one with the highest sequence number wins.
   *
   * @param sequence not negative; the record's issued-at in milliseconds since the epoch
   */
  CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence);

  /**
   * Reads a topic.
   *
   * @param sink gets every distinct item some holder has, as it comes, the same one at most once;
   *     the first may be an old one
   * @return completes when everybody worth asking was asked: how many answered, whatever they had.
   *     Completes normally with nothing found; fails only if nobody could be asked
   */
  CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink);

  /**
   * Adds a knock to a mailbox. It stays until the owner has seen it or it expires.
   *
   * @param expires when it may be dropped unseen; at most 10 minutes from now
   * @return once enough holders took it
   */
  CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires);

  /** Leaves the answer to a knock in the mailbox that only its caller knows; as {@link #knock}. */
  CompletionStage<Delivery> reply(Slot mailbox, SealedItem reply, Instant expires);

  /**
   * Watches a mailbox until the watch is closed.
   *
   * @param pace how often to look
   * @param sink gets each distinct item once; what it has seen may be cleared from the mailbox
   */
  Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink);

  /** Releases everything. Idempotent; returns within a second. */
  @Override
  void close();

  /**
   * Who is there.
   *
   * @param peers how many nodes or servers answered
   * @param took how long joining took
   */
  record Presence(int peers, Duration took) {}

  /** How many holders took an item, of how many that were asked. */
  record Delivery(int accepted, int asked) {}

  /** How many holders answered, of how many that were asked. */
  record Lookup(int answered, int asked) {}

  /** How often a watch looks. An implementation that is told of news may ignore it. */
  enum Pace {
    /** As often as politeness allows: somebody waits. */
    FAST,
    /** A steady look: nobody is known to wait. */
    STEADY
  }

  /** A running watch. */
  interface Watch extends AutoCloseable {
    /** Changes the pace from now on. */
    void pace(Pace pace);

    /** Stops; no item arrives after it returned, but for one that is being delivered. */
    @Override
    void close();
  }
}
