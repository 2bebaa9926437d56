package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Slot;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds one entry to a mailbox: at each holder reads, merges, and puts on condition that nobody
 * wrote in between (BEP 44's <code>cas</code>); else reads again after a random pause.
 *
 * <p>An empty mailbox is written at all holders at once, so that the watcher finds the entry at
 * whichever it looks first. Three make a delivery; once they have it, nothing is tried again. Where
 * others are writing too, only as many holders as needed are tried, chosen at random: a holder has
 * room for two or three knocks, and 20 callers must share eight of them. A full one is asked again
 * for a while, since the watcher makes room.
 *
 * <p>Threading: confined to the loop.
 */
final class MailboxWriter {
  private static final int PATIENCE_MILLIS = 8000;
  private static final int SPARE = 1;
  private static final int FIRST_PAUSE_MILLIS = 30;
  private static final int MAX_PAUSE_MILLIS = 500;
  private static final int FULL_PAUSE_MILLIS = 400;

  private enum State {
    RESERVE,
    UNDERWAY,
    ACCEPTED,
    FULL,
    REFUSED,
    SILENT
  }

  private static final class Cell {
    final Contact contact;
    byte @Nullable [] token;
    Mailbox mailbox;
    State state = State.RESERVE;
    int collisions;
    boolean repeated;

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
      cells.add(new Cell(holder, Mailbox.of(holder.item(), slot.topic(), storage.sealer())));
    }
    Collections.shuffle(cells, ThreadLocalRandom.current());
  }

  void start() {
    storage.loop().later(PATIENCE_MILLIS, this::giveUp);
    boolean crowded = cells.stream().anyMatch(cell -> !cell.mailbox.entries().isEmpty());
    int first = crowded ? needed() + SPARE : cells.size();
    cells.stream().limit(first).forEach(this::write);
    endIfSettled();
  }

  private int needed() {
    return Math.min(RecordWriter.ENOUGH, cells.size());
  }

  private void write(Cell cell) {
    cell.state = State.UNDERWAY;
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
    if (value == null) {
      full(cell);
      return;
    }
    long sequence = cell.mailbox.nextSequence(clock.millis());
    MutableItem item = MutableItem.sign(storage.sealer(), slot, sequence, value);
    storage.put(
        slot, cell.contact, item, token, cell.mailbox.sequence(), reply -> replied(cell, reply));
  }

  private void replied(Cell cell, Reply reply) {
    if (ended || cell.state != State.UNDERWAY) {
      return;
    }
    switch (reply) {
      case Reply.Answer answer -> cell.state = State.ACCEPTED;
      case Reply.Refusal(int code, String text) -> {
        if (code == Reply.Refusal.CAS_MISMATCH || code == Reply.Refusal.OLD_SEQUENCE) {
          cell.collisions++;
          readLater(cell, pause(cell.collisions));
        } else if (code == Reply.Refusal.BAD_TOKEN && !cell.repeated) {
          cell.repeated = true;
          read(cell);
        } else {
          cell.state = State.REFUSED;
          refusal = text;
          useReserve();
        }
      }
      case Reply.Late late -> {
        // Reading tells whether the put or its answer was lost.
        if (!cell.repeated) {
          cell.repeated = true;
          read(cell);
        }
        useReserve();
      }
      case Reply.Silence silence -> {
        cell.state = State.SILENT;
        useReserve();
      }
    }
    endIfSettled();
  }

  private void full(Cell cell) {
    cell.state = State.FULL;
    useReserve();
    readLater(cell, FULL_PAUSE_MILLIS / 2 + random(FULL_PAUSE_MILLIS));
  }

  private void readLater(Cell cell, int millis) {
    storage
        .loop()
        .later(
            millis,
            () -> {
              if (!ended) {
                read(cell);
              }
            });
  }

  private void read(Cell cell) {
    storage.get(
        slot.topic(),
        cell.contact,
        -1,
        reply -> {
          if (ended || cell.state == State.ACCEPTED) {
            return;
          }
          if (reply instanceof Reply.Answer answer) {
            Holder holder = Storage.holder(answer);
            cell.token = holder.token();
            cell.mailbox = Mailbox.of(holder.item(), slot.topic(), storage.sealer());
            write(cell);
          } else if (!(reply instanceof Reply.Late)) {
            cell.state = State.SILENT;
            useReserve();
          }
          endIfSettled();
        });
  }

  private void useReserve() {
    cells.stream().filter(cell -> cell.state == State.RESERVE).findFirst().ifPresent(this::write);
  }

  private void endIfSettled() {
    if (ended) {
      return;
    }
    int accepted = count(State.ACCEPTED);
    if (accepted > 0 && accepted >= needed()) {
      ended = true;
      done.accept(new Delivery(accepted, cells.size()));
    } else if (count(State.UNDERWAY) + count(State.FULL) + count(State.RESERVE) == 0) {
      giveUp();
    }
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
    if (count(State.FULL) > 0 || cells.stream().anyMatch(cell -> cell.collisions > 0)) {
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

  private static int pause(int collisions) {
    int most = Math.min(MAX_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(collisions, 5));
    return 5 + random(most);
  }

  private static int random(int most) {
    return ThreadLocalRandom.current().nextInt(most);
  }
}
