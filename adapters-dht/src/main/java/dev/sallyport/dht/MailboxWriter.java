package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Slot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds one entry to a mailbox: at each holder reads, merges, and puts on condition that nobody
 * wrote in between (BEP 44's <code>cas</code>).
 *
 * <p>A mailbox that lies empty is written at all holders at once, so that the watcher finds the
 * entry at whichever it looks first. Three make a delivery. As soon as there are others, found in
 * the mailbox or by a collision, only as many holders are tried at a time as are still needed, in
 * random order, with growing random pauses: a holder has room for two or three knocks until the
 * watcher has cleared them, 20 callers must share eight holders, and libtorrent's nodes answer with
 * 8000 bytes a second at most and ban whoever asks 50 times in 10 seconds.
 *
 * <p>Threading: confined to the loop.
 */
final class MailboxWriter {
  private static final int FIRST_PAUSE_MILLIS = 60;
  private static final int MAX_PAUSE_MILLIS = 1500;

  /** A watcher looks at each holder once a second when it is fast. */
  private static final int FULL_PAUSE_MILLIS = 1000;

  private enum State {
    /** To be tried when it is needed. */
    RESERVE,
    /** A put or a read is on its way. */
    UNDERWAY,
    /** To be read again when its pause is over. */
    PAUSED,
    ACCEPTED,
    REFUSED,
    SILENT
  }

  private static final class Cell {
    final Contact contact;
    byte @Nullable [] token;
    Mailbox mailbox;
    State state = State.RESERVE;

    /** Whether what we know of the mailbox is out of date. */
    boolean stale;

    boolean full;
    boolean renewed;

    Cell(Holder holder, Mailbox mailbox) {
      this.contact = holder.contact();
      this.token = holder.token();
      this.mailbox = mailbox;
    }
  }

  private final Storage storage;
  private final InstantSource clock;
  private final Slot slot;
  private final MailboxEntry entry;
  private final Consumer<Delivery> done;
  private final Consumer<RendezvousException> failed;
  private final List<Cell> cells = new ArrayList<>();
  private int collisions;
  private boolean ended;
  private String refusal = "";

  MailboxWriter(
      Storage storage,
      InstantSource clock,
      Slot slot,
      MailboxEntry entry,
      List<Holder> holders,
      Consumer<Delivery> done,
      Consumer<RendezvousException> failed) {
    this.storage = storage;
    this.clock = clock;
    this.slot = slot;
    this.entry = entry;
    this.done = done;
    this.failed = failed;
    for (Holder holder : holders) {
      Mailbox mailbox = Mailbox.of(holder.item(), slot.topic(), storage.sealer());
      cells.add(new Cell(holder, mailbox));
    }
    Collections.shuffle(cells, ThreadLocalRandom.current());
  }

  /**
   * @param patience how long to try for
   */
  void start(Duration patience) {
    storage.loop().later(patience.toMillis(), this::giveUp);
    if (cells.stream().allMatch(cell -> cell.mailbox.entries().isEmpty())) {
      cells.forEach(this::write);
    }
    goOn();
  }

  /** Ends, or sees to it that as many holders are being tried as are needed. */
  private void goOn() {
    if (ended) {
      return;
    }
    while (active() < missing()) {
      Cell next = nextReserve();
      if (next == null) {
        break;
      }
      attempt(next);
    }
    if (missing() <= 0) {
      ended = true;
      done.accept(new Delivery(count(State.ACCEPTED), cells.size()));
    } else if (active() == 0) {
      giveUp();
    }
  }

  private int missing() {
    return Math.min(RecordWriter.ENOUGH, cells.size()) - count(State.ACCEPTED);
  }

  private int active() {
    return count(State.UNDERWAY) + count(State.PAUSED);
  }

  /** One that we know the state of, if there is one. */
  private @Nullable Cell nextReserve() {
    return cells.stream()
        .filter(cell -> cell.state == State.RESERVE)
        .min(Comparator.comparing(cell -> cell.stale))
        .orElse(null);
  }

  private void attempt(Cell cell) {
    if (!cell.stale) {
      write(cell);
      return;
    }
    cell.state = State.PAUSED;
    int pause = cell.full ? FULL_PAUSE_MILLIS / 2 + random(FULL_PAUSE_MILLIS) : pause();
    storage.loop().later(pause, () -> read(cell));
  }

  private void write(Cell cell) {
    byte[] token = cell.token;
    if (cell.mailbox.holds(entry)) {
      cell.state = State.ACCEPTED;
      return;
    }
    if (token == null || cell.mailbox.isStuck()) {
      cell.state = State.REFUSED;
      return;
    }
    byte[] value = cell.mailbox.with(entry, clock.instant().getEpochSecond());
    cell.full = value == null;
    cell.stale = true;
    if (value == null) {
      cell.state = State.RESERVE;
      return;
    }
    cell.state = State.UNDERWAY;
    long sequence = cell.mailbox.nextSequence(clock.millis());
    MutableItem item = MutableItem.sign(storage.sealer(), slot, sequence, value);
    storage.put(
        slot, cell.contact, item, token, cell.mailbox.sequence(), reply -> wrote(cell, reply));
  }

  private void wrote(Cell cell, Reply reply) {
    if (ended || cell.state == State.ACCEPTED) {
      return;
    }
    switch (reply) {
      case Reply.Answer answer -> cell.state = State.ACCEPTED;
      case Reply.Refusal moved when moved.moved() -> {
        collisions++;
        cell.state = State.RESERVE;
      }
      case Reply.Refusal(int code, String text) -> {
        boolean again = code == Reply.Refusal.BAD_TOKEN && !cell.renewed;
        cell.renewed = true;
        cell.state = again ? State.RESERVE : State.REFUSED;
        refusal = text;
      }
      // Others are tried meanwhile. Reading again will tell whether the put or its answer was lost.
      case Reply.Late late -> cell.state = State.RESERVE;
      case Reply.Silence silence -> {
        if (cell.state == State.UNDERWAY) {
          cell.state = State.SILENT;
        }
      }
    }
    moveBehind(cell);
    goOn();
  }

  private void read(Cell cell) {
    if (ended || cell.state != State.PAUSED) {
      return;
    }
    cell.state = State.UNDERWAY;
    storage.get(slot.topic(), cell.contact, -1, reply -> haveRead(cell, reply));
  }

  private void haveRead(Cell cell, Reply reply) {
    if (ended || cell.state != State.UNDERWAY) {
      return;
    }
    switch (reply) {
      case Reply.Answer answer -> {
        Holder holder = Storage.holder(answer);
        cell.token = holder.token();
        cell.mailbox = Mailbox.of(holder.item(), slot.topic(), storage.sealer());
        write(cell);
      }
      case Reply.Late late -> {
        return;
      }
      case Reply.Refusal refused -> cell.state = State.REFUSED;
      case Reply.Silence silence -> cell.state = State.SILENT;
    }
    moveBehind(cell);
    goOn();
  }

  /** Others first, the next time. */
  private void moveBehind(Cell cell) {
    cells.remove(cell);
    cells.add(cell);
  }

  private void giveUp() {
    if (ended) {
      return;
    }
    ended = true;
    storage.forget(slot.topic());
    String took =
        "only " + count(State.ACCEPTED) + " of " + cells.size() + " DHT nodes took the knock";
    Reason reason;
    if (collisions > 0 || cells.stream().anyMatch(cell -> cell.full)) {
      reason = Reason.FULL;
      took += ": others are knocking, and there is no room left";
    } else if (count(State.REFUSED) > 0) {
      reason = Reason.REJECTED;
      took += ": " + refusal;
    } else {
      reason = Reason.UNREACHABLE;
      took += ", the others are silent";
    }
    failed.accept(new RendezvousException(reason, took));
  }

  private int count(State state) {
    return (int) cells.stream().filter(cell -> cell.state == state).count();
  }

  private int pause() {
    int most = FIRST_PAUSE_MILLIS << Math.min(collisions / 2, 5);
    return 5 + random(Math.min(MAX_PAUSE_MILLIS, most));
  }

  private static int random(int most) {
    return ThreadLocalRandom.current().nextInt(most);
  }
}
