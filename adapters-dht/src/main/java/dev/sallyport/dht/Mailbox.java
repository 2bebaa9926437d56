package dev.sallyport.dht;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.domain.wire.MalformedException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node holds of a mailbox, and how it changes. Pure functions; time is an argument.
 *
 * @param sequence the stored item's; 0 if there is none
 * @param entries what can be read of it
 */
record Mailbox(long sequence, List<MailboxEntry> entries) {
  static final Mailbox EMPTY = new Mailbox(0, List.of());

  /** How far clocks may be apart. */
  private static final long SKEW_SECONDS = 600;

  /** The longest that a knock may stay, and the grain of its expiry. */
  private static final long MAX_LIFE_SECONDS = 600 + 60;

  /**
   * Reads what a node holds. An item that is not by the mailbox's key is as good as none; one that
   * is, but is no mailbox, is an empty mailbox that can be written over.
   */
  static Mailbox of(@Nullable MutableItem item, Topic topic, Sealer sealer) {
    if (item == null || !item.isBy(topic.key(), sealer)) {
      return EMPTY;
    }
    try {
      return new Mailbox(item.sequence(), ItemCodec.readMailbox(item.value()));
    } catch (MalformedException e) {
      return new Mailbox(item.sequence(), List.of());
    }
  }

  boolean holds(MailboxEntry entry) {
    return entries.stream().anyMatch(held -> held.item().equals(entry.item()));
  }

  /**
   * The value with one more entry. Drops what has expired by any clock, and, only when room is
   * needed, what has expired by ours.
   *
   * @return null if there is no room
   */
  byte @Nullable [] with(MailboxEntry added, long nowSeconds) {
    List<MailboxEntry> kept = new ArrayList<>();
    for (MailboxEntry entry : entries) {
      boolean gone = entry.expiresSeconds() + SKEW_SECONDS < nowSeconds;
      boolean absurd = entry.expiresSeconds() > nowSeconds + MAX_LIFE_SECONDS + SKEW_SECONDS;
      if (!gone && !absurd && !entry.item().equals(added.item())) {
        kept.add(entry);
      }
    }
    kept.sort(Comparator.comparingLong(MailboxEntry::expiresSeconds).reversed());
    kept.addFirst(added);
    byte[] value = ItemCodec.mailbox(kept);
    while (!ItemCodec.fits(value) && kept.getLast().expiresSeconds() < nowSeconds) {
      kept.removeLast();
      value = ItemCodec.mailbox(kept);
    }
    return ItemCodec.fits(value) ? value : null;
  }

  /**
   * The sequence of the next value: the time in milliseconds, so that it grows even when the node
   * has forgotten the item meanwhile.
   */
  long nextSequence(long nowMillis) {
    return sequence >= nowMillis ? Math.addExact(sequence, 1) : nowMillis;
  }

  /** Whether nobody can write here again: somebody has used up the sequence numbers. */
  boolean isStuck() {
    return sequence == Long.MAX_VALUE;
  }
}
