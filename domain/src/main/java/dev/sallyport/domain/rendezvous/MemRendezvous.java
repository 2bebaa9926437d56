package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rendezvous {@code mem:}: all members of one {@link Network} meet in this JVM. It has no
 * threads and no clock of its own: every stage is complete when it is returned, and sinks are
 * called on the thread that stores, before its call returns (or by another thread that is
 * delivering to the same watch at that moment).
 *
 * <p>Threading: as {@link Rendezvous}; sinks may call back into any member.
 */
public final class MemRendezvous implements Rendezvous {
  /** The most knocks that wait unseen in one mailbox. */
  public static final int MAILBOX_CAPACITY = 64;

  private final Network network;
  private final List<MemWatch> watches = new ArrayList<>();
  private boolean closed;

  /** A new member of a network. */
  public MemRendezvous(Network network) {
    this.network = network;
  }

  @Override
  public CompletionStage<Presence> join() {
    return unlessClosed(() -> new Presence(1, Duration.ZERO));
  }

  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("a sequence number is not negative: " + sequence);
    }
    return unlessClosed(() -> network.publish(slot.topic(), item, sequence));
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    return unlessClosed(
        () -> {
          SealedItem found = network.find(topic);
          if (found != null) {
            sink.accept(found);
          }
          return new Lookup(1, 1);
        });
  }

  @Override
  public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
    return unlessClosed(() -> network.leave(mailbox.topic(), knock, expires));
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
    MemWatch watch = new MemWatch(network, mailbox.topic(), sink);
    synchronized (watches) {
      if (closed) {
        throw closedException();
      }
      watches.removeIf(other -> !other.isOpen());
      watches.add(watch);
    }
    network.attach(watch);
    return watch;
  }

  @Override
  public void close() {
    List<MemWatch> open;
    synchronized (watches) {
      closed = true;
      open = List.copyOf(watches);
      watches.clear();
    }
    open.forEach(MemWatch::close);
  }

  private <T> CompletionStage<T> unlessClosed(Supplier<T> action) {
    synchronized (watches) {
      if (closed) {
        return CompletableFuture.failedStage(closedException());
      }
    }
    try {
      return CompletableFuture.completedStage(action.get());
    } catch (RendezvousException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static RendezvousException closedException() {
    return new RendezvousException(Reason.CLOSED, "the rendezvous was closed");
  }

  /** The common store of all members. Safe from any thread. */
  public static final class Network {
    private final Supplier<Instant> clock;
    private final Map<Topic, Published> published = new HashMap<>();
    private final Map<Topic, Mailbox> mailboxes = new HashMap<>();

    /**
     * @param clock what time it is, asked at every call
     */
    public Network(Supplier<Instant> clock) {
      this.clock = clock;
    }

    private synchronized Delivery publish(Topic topic, SealedItem item, long sequence) {
      purge();
      Published current = published.get(topic);
      if (current != null
          && (current.sequence > sequence
              || (current.sequence == sequence && !current.item.equals(item)))) {
        throw new RendezvousException(
            Reason.REJECTED,
            "an item with sequence number "
                + current.sequence
                + " is there, not below "
                + sequence);
      }
      published.put(topic, new Published(item, sequence, clock.get().plus(DayKeys.ITEM_LIFETIME)));
      return new Delivery(1, 1);
    }

    private synchronized @Nullable SealedItem find(Topic topic) {
      purge();
      Published found = published.get(topic);
      return found == null ? null : found.item;
    }

    private Delivery leave(Topic topic, SealedItem item, Instant expires) {
      List<MemWatch> watchers;
      synchronized (this) {
        purge();
        Instant latest = clock.get().plus(Knock.MAX_LIFETIME);
        Instant until = expires.isAfter(latest) ? latest : expires;
        Mailbox mailbox = mailboxes.computeIfAbsent(topic, key -> new Mailbox());
        watchers = List.copyOf(mailbox.watches);
        if (watchers.isEmpty()) {
          mailbox.keep(item, until);
        } else {
          watchers.forEach(watch -> watch.enqueue(item, until));
        }
      }
      // Outside the lock: a sink may call back.
      watchers.forEach(MemWatch::drain);
      return new Delivery(1, 1);
    }

    private void attach(MemWatch watch) {
      synchronized (this) {
        purge();
        if (!watch.isOpen()) {
          return;
        }
        Mailbox mailbox = mailboxes.computeIfAbsent(watch.topic(), key -> new Mailbox());
        mailbox.watches.add(watch);
        mailbox.waiting.forEach(watch::enqueue);
        mailbox.waiting.clear();
      }
      watch.drain();
    }

    synchronized void detach(MemWatch watch) {
      Mailbox mailbox = mailboxes.get(watch.topic());
      if (mailbox != null) {
        mailbox.watches.remove(watch);
      }
      purge();
    }

    private void purge() {
      Instant now = clock.get();
      published.values().removeIf(item -> !item.until.isAfter(now));
      for (Iterator<Mailbox> all = mailboxes.values().iterator(); all.hasNext(); ) {
        Mailbox mailbox = all.next();
        mailbox.waiting.values().removeIf(until -> !until.isAfter(now));
        mailbox.watches.forEach(watch -> watch.forget(now));
        if (mailbox.waiting.isEmpty() && mailbox.watches.isEmpty()) {
          all.remove();
        }
      }
    }
  }

  private record Published(SealedItem item, long sequence, Instant until) {}

  /** What nobody has seen yet, and who is looking. Guarded by the network. */
  private static final class Mailbox {
    private final Map<SealedItem, Instant> waiting = new LinkedHashMap<>();
    private final List<MemWatch> watches = new ArrayList<>();

    void keep(SealedItem item, Instant until) {
      if (waiting.size() >= MAILBOX_CAPACITY && !waiting.containsKey(item)) {
        throw new RendezvousException(Reason.FULL, "the mailbox is full; try again in a while");
      }
      waiting.put(item, until);
    }
  }
}
