package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import dev.sallyport.domain.rendezvous.Slot;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a mailbox: looks at its holders in turn, delivers what is new, and clears what it has
 * delivered so that there is room for others. Who the holders are is looked up again every few
 * minutes, and when one falls silent.
 *
 * <p>Threading: confined to the loop, but for {@link #pace} and {@link #close}.
 */
final class MailboxWatch implements Watch {
  private static final Logger LOG = LoggerFactory.getLogger(MailboxWatch.class);

  private static final long FAST_NANOS = TimeUnit.MILLISECONDS.toNanos(125);
  private static final long STEADY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** What any node takes for good: mldht throttles at 2 queries a second, libtorrent at 5. */
  private static final long POLITE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long FIRST_LOOKUP_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long LOOKUP_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long LOST_HOLDER_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int MAX_MISSES = 2;

  private static final class Cell {
    final Contact contact;
    long newestRead = -1;
    long lookedNanos;
    boolean underway;
    int misses;

    Cell(Contact contact, long lookedNanos) {
      this.contact = contact;
      this.lookedNanos = lookedNanos;
    }
  }

  private final Storage storage;
  private final InstantSource clock;
  private final Predicate<InetSocketAddress> isUnthrottled;
  private final Slot slot;
  private final ItemSink sink;
  private final SeenItems seen = new SeenItems();
  private volatile Pace pace;
  private volatile boolean closed;

  private Map<InetSocketAddress, Cell> cells = new HashMap<>();
  private boolean lookingUp;
  private boolean lookedUp;
  private long nextLookup;
  private Loop.@Nullable Timer timer;
  private long dropped;

  /**
   * @param isUnthrottled which nodes may be asked more often than politeness allows
   */
  MailboxWatch(
      Storage storage,
      InstantSource clock,
      Predicate<InetSocketAddress> isUnthrottled,
      Slot slot,
      Pace pace,
      ItemSink sink) {
    this.storage = storage;
    this.clock = clock;
    this.isUnthrottled = isUnthrottled;
    this.slot = slot;
    this.pace = pace;
    this.sink = sink;
  }

  void start() {
    nextLookup = System.nanoTime();
    tick();
  }

  @Override
  public void pace(Pace newPace) {
    pace = newPace;
    storage.loop().execute(this::tick);
  }

  @Override
  public void close() {
    closed = true;
    sink.close();
  }

  private void tick() {
    if (timer != null) {
      timer.cancel();
    }
    if (closed) {
      return;
    }
    long now = System.nanoTime();
    if (now - nextLookup >= 0 && !lookingUp) {
      lookUp(now);
    }
    long gap = pace == Pace.FAST ? FAST_NANOS : STEADY_NANOS;
    long wait = gap;
    Cell next =
        cells.values().stream()
            .filter(cell -> !cell.underway)
            .min(Comparator.comparingLong(cell -> dueNanos(cell) - now))
            .orElse(null);
    if (next != null && dueNanos(next) - now > 0) {
      wait = Math.min(gap, dueNanos(next) - now);
    } else if (next != null) {
      look(next, now);
    }
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait + 999_999));
    timer = storage.loop().later(millis, this::tick);
  }

  private long dueNanos(Cell cell) {
    boolean unthrottled = isUnthrottled.test(cell.contact.address());
    return cell.lookedNanos + (unthrottled ? FAST_NANOS : POLITE_NANOS);
  }

  private void lookUp(long now) {
    lookingUp = true;
    nextLookup = now + (lookedUp ? jittered(LOOKUP_AGAIN_NANOS) : FIRST_LOOKUP_AGAIN_NANOS);
    storage.lookup(slot.topic(), this::read, outcome -> lookedUp(outcome.closest()));
  }

  private void lookedUp(List<Holder> closest) {
    lookingUp = false;
    if (closed) {
      return;
    }
    long now = System.nanoTime();
    if (closest.isEmpty()) {
      nextLookup = Math.min(nextLookup, now + jittered(LOST_HOLDER_NANOS));
      return;
    }
    lookedUp = true;
    Map<InetSocketAddress, Cell> current = new HashMap<>();
    for (Holder holder : closest) {
      InetSocketAddress address = holder.contact().address();
      Cell known = cells.get(address);
      if (known == null || !known.contact.equals(holder.contact())) {
        // The lookup was one look at each; the next ones are due in turn, not all in a second.
        long turn = current.size() * FAST_NANOS;
        known = new Cell(holder.contact(), now - POLITE_NANOS + turn);
      }
      current.put(address, known);
    }
    cells = current;
    tick();
  }

  private void look(Cell cell, long now) {
    cell.underway = true;
    cell.lookedNanos = now;
    storage.get(slot.topic(), cell.contact, cell.newestRead, reply -> looked(cell, reply));
  }

  private void looked(Cell cell, Reply reply) {
    if (closed) {
      return;
    }
    switch (reply) {
      case Reply.Answer answer -> {
        cell.underway = false;
        cell.misses = 0;
        if (answer.from().equals(cell.contact)) {
          read(Storage.holder(answer));
        } else {
          lose(cell);
        }
      }
      case Reply.Late late -> {
        cell.underway = false;
        cell.misses++;
        if (cell.misses >= MAX_MISSES) {
          lose(cell);
        }
      }
      case Reply.Refusal refusal -> lose(cell);
      case Reply.Silence silence -> lose(cell);
    }
  }

  private void lose(Cell cell) {
    if (cells.remove(cell.contact.address(), cell)) {
      nextLookup = Math.min(nextLookup, System.nanoTime() + jittered(LOST_HOLDER_NANOS));
    }
  }

  /** Delivers and clears what a holder has. */
  private void read(Holder holder) {
    if (closed) {
      return;
    }
    Cell cell = cells.get(holder.contact().address());
    MutableItem item = holder.item();
    if (item == null || (cell != null && item.sequence() <= cell.newestRead)) {
      return;
    }
    Mailbox mailbox = Mailbox.of(item, slot.topic(), storage.sealer());
    if (cell != null) {
      cell.newestRead = mailbox.sequence();
    }
    List<MailboxEntry> left = new ArrayList<>();
    for (MailboxEntry entry : mailbox.entries()) {
      if (!deliver(entry)) {
        left.add(entry);
      }
    }
    if (left.size() < mailbox.entries().size()) {
      clear(holder, mailbox, left);
    }
  }

  /** Whether the entry is delivered, now or before. */
  private boolean deliver(MailboxEntry entry) {
    if (seen.contains(entry.item())) {
      return true;
    }
    if (!sink.offer(entry.item())) {
      // It stays in the mailbox, and is found again.
      dropped++;
      LOG.debug("{} knocks wait in the mailbox, the queue is full", dropped);
      return false;
    }
    seen.add(entry.item(), System.nanoTime());
    return true;
  }

  private void clear(Holder holder, Mailbox mailbox, List<MailboxEntry> left) {
    byte[] token = holder.token();
    if (token == null || mailbox.isStuck()) {
      return;
    }
    long sequence = mailbox.nextSequence(clock.millis());
    MutableItem item = MutableItem.sign(storage.sealer(), slot, sequence, ItemCodec.mailbox(left));
    storage.put(
        slot,
        holder.contact(),
        item,
        token,
        mailbox.sequence(),
        reply -> cleared(holder.contact(), sequence, left.isEmpty(), reply));
  }

  private void cleared(Contact contact, long sequence, boolean empty, Reply reply) {
    Cell cell = cells.get(contact.address());
    if (cell == null) {
      return;
    }
    if (reply instanceof Reply.Answer && empty) {
      cell.newestRead = Math.max(cell.newestRead, sequence);
    } else {
      // Somebody wrote in between, or something is left: read it whole the next time.
      cell.newestRead = -1;
    }
  }

  private static long jittered(long nanos) {
    return nanos + ThreadLocalRandom.current().nextLong(nanos / 4);
  }
}
