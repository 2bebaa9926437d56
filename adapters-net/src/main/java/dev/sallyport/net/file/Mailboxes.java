package dev.sallyport.net.file;

import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Leaves knocks in a folder. A mailbox is full when so many wait that are valid: garbage under its
 * name takes no place.
 *
 * <p>Threading: as {@link SharedFolder}.
 */
final class Mailboxes {
  /** The most knocks that wait unseen in one mailbox. */
  static final int MAX_KNOCKS = 64;

  private static final int MAX_READS = 1024;

  private final SharedFolder folder;
  private final InstantSource clock;

  Mailboxes(SharedFolder folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * @throws RendezvousException {@code FULL}
   */
  Delivery leave(Slot mailbox, SealedItem item, Instant expires) throws IOException {
    Instant now = clock.instant();
    List<FileName> names = folder.names();
    folder.sweep(names, now);
    List<FileName> knocks =
        names.stream().filter(name -> name.isOf(mailbox.topic(), Kind.KNOCK)).toList();
    if (knocks.size() >= MAX_KNOCKS) {
      makeRoom(mailbox, knocks, now);
    }
    folder.store(mailbox, new FileItem(Kind.KNOCK, 0, clipped(expires, now), item));
    return new Delivery(1, 1);
  }

  /** What has expired by our clock goes only now that its place is needed. */
  private void makeRoom(Slot mailbox, List<FileName> knocks, Instant now) {
    knocks.stream().filter(name -> !name.expires().isAfter(now)).forEach(folder::delete);
    long waiting =
        knocks.stream()
            .filter(name -> name.expires().isAfter(now))
            .limit(MAX_READS)
            .filter(name -> folder.read(name, mailbox.topic()) != null)
            .count();
    if (waiting >= MAX_KNOCKS) {
      throw new RendezvousException(Reason.FULL, "the mailbox is full; try again in a while");
    }
  }

  private static Instant clipped(Instant expires, Instant now) {
    Instant latest = now.plus(Knock.MAX_LIFETIME);
    if (expires.isAfter(latest)) {
      return latest;
    }
    return expires.isBefore(Instant.EPOCH) ? Instant.EPOCH : expires;
  }
}
