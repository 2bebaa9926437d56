package dev.sallyport.net.file;

import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The records in a folder. Each version is a file of its own, and whoever reads takes the newest:
 * of two that are published at once, on two machines even, the newer one wins.
 *
 * <p>Threading: as {@link SharedFolder}.
 */
final class Records {
  /** There are more than two only while somebody plays tricks. */
  private static final int MAX_READS = 64;

  private final SharedFolder folder;
  private final InstantSource clock;

  Records(SharedFolder folder, InstantSource clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * @throws RendezvousException {@code REJECTED} if there is a newer one
   */
  Delivery publish(Slot slot, SealedItem item, long sequence) throws IOException {
    Instant now = clock.instant();
    List<FileName> names = folder.names();
    folder.sweep(names, now);
    Map<FileName, FileItem> others = read(names, slot.topic(), now);
    for (FileItem other : others.values()) {
      if (other.sequence() > sequence
          || (other.sequence() == sequence && !other.item().equals(item))) {
        throw new RendezvousException(
            Reason.REJECTED,
            "a record with sequence number "
                + other.sequence()
                + " is there, not below "
                + sequence);
      }
    }
    Instant expires = now.plus(FileName.RECORD_LIFETIME);
    FileItem added = new FileItem(Kind.RECORD, sequence, expires, item);
    folder.store(slot, added);
    others.keySet().stream()
        .filter(name -> !name.equals(FileName.of(slot.topic(), added)))
        .forEach(folder::delete);
    return new Delivery(1, 1);
  }

  /** The one with the highest sequence number. */
  @Nullable FileItem newest(Topic topic) throws IOException {
    return read(folder.names(), topic, clock.instant()).values().stream()
        .max(Comparator.comparingLong(FileItem::sequence))
        .orElse(null);
  }

  private Map<FileName, FileItem> read(List<FileName> names, Topic topic, Instant now) {
    List<FileName> latest =
        names.stream()
            .filter(name -> name.isOf(topic, Kind.RECORD) && !name.isRubbish(now))
            .sorted(Comparator.comparing(FileName::expires).reversed())
            .limit(MAX_READS)
            .toList();
    Map<FileName, FileItem> records = new LinkedHashMap<>();
    for (FileName name : latest) {
      FileItem record = folder.read(name, topic);
      if (record != null) {
        records.put(name, record);
      }
    }
    return records;
  }
}
