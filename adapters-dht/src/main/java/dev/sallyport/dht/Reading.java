package dev.sallyport.dht;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.domain.wire.MalformedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a topic: verifies what holders answer and delivers each distinct item once, the record as
 * well as what a mailbox holds.
 *
 * <p>Threading: confined to the loop.
 */
final class Reading {
  private static final int MAX_ITEMS = 128;

  private final Topic topic;
  private final Sealer sealer;
  private final ItemSink sink;
  private final List<MutableItem> checked = new ArrayList<>();
  private final Set<SealedItem> delivered = new HashSet<>();

  Reading(Topic topic, Sealer sealer, ItemSink sink) {
    this.topic = topic;
    this.sealer = sealer;
    this.sink = sink;
  }

  /** A holder answered. */
  void heard(Holder holder) {
    MutableItem item = holder.item();
    if (item == null || checked.size() >= MAX_ITEMS || checked.stream().anyMatch(item::sameAs)) {
      return;
    }
    checked.add(item);
    if (!item.isBy(topic.key(), sealer)) {
      return;
    }
    for (SealedItem sealed : contents(item.value())) {
      if (delivered.size() < MAX_ITEMS && delivered.add(sealed)) {
        sink.offer(sealed);
      }
    }
  }

  private static List<SealedItem> contents(byte[] value) {
    try {
      return value.length > 0 && value[0] == 'l'
          ? ItemCodec.readMailbox(value).stream().map(MailboxEntry::item).toList()
          : List.of(ItemCodec.readRecord(value));
    } catch (MalformedException e) {
      // Whoever has the id may write anything here; it is nothing to us.
      return List.of();
    }
  }
}
