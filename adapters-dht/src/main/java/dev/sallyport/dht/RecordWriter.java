package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Slot;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts one record at its holders. A holder that has a newer one refuses.
 *
 * <p>Threading: confined to the loop.
 */
final class RecordWriter {
  /** How many holders must take an item, if there are that many. */
  static final int ENOUGH = 3;

  private static final int DEADLINE_MILLIS = 3000;
  private static final int MAX_TRIES = 2;

  private enum State {
    WAITING,
    ACCEPTED,
    REFUSED,
    SILENT
  }

  private static final class Cell {
    final Contact contact;
    byte @Nullable [] token;
    State state = State.WAITING;
    int tries;

    Cell(Holder holder) {
      this.contact = holder.contact();
      this.token = holder.token();
    }
  }

  private final Storage storage;
  private final Slot slot;
  private final MutableItem item;
  private final List<Cell> cells;
  private final Consumer<Delivery> done;
  private final Consumer<RendezvousException> failed;
  private boolean ended;
  private String refusal = "";

  RecordWriter(
      Storage storage,
      Slot slot,
      MutableItem item,
      List<Holder> holders,
      Consumer<Delivery> done,
      Consumer<RendezvousException> failed) {
    this.storage = storage;
    this.slot = slot;
    this.item = item;
    this.cells = holders.stream().map(Cell::new).toList();
    this.done = done;
    this.failed = failed;
  }

  void start() {
    cells.forEach(this::put);
    storage.loop().later(DEADLINE_MILLIS, this::end);
    endIfSettled();
  }

  private void put(Cell cell) {
    byte[] token = cell.token;
    if (token == null) {
      cell.state = State.REFUSED;
      return;
    }
    cell.tries++;
    cell.state = State.WAITING;
    storage.put(slot, cell.contact, item, token, -1, reply -> replied(cell, reply));
  }

  private void replied(Cell cell, Reply reply) {
    if (ended || cell.state == State.ACCEPTED) {
      return;
    }
    switch (reply) {
      case Reply.Answer answer -> cell.state = State.ACCEPTED;
      case Reply.Refusal(int code, String text) -> {
        if (code == Reply.Refusal.BAD_TOKEN && cell.tries < MAX_TRIES) {
          renew(cell);
        } else {
          cell.state = State.REFUSED;
          refusal = text;
        }
      }
      case Reply.Late late -> {
        // The same put again does no harm, and a packet may be lost.
        if (cell.tries < MAX_TRIES) {
          put(cell);
        } else {
          cell.state = State.SILENT;
        }
      }
      case Reply.Silence silence -> cell.state = State.SILENT;
    }
    endIfSettled();
  }

  private void renew(Cell cell) {
    storage.get(
        slot.topic(),
        cell.contact,
        item.sequence(),
        reply -> {
          if (ended || cell.state != State.WAITING) {
            return;
          }
          if (reply instanceof Reply.Answer answer) {
            cell.token = Storage.holder(answer).token();
            put(cell);
          } else {
            cell.state = State.SILENT;
          }
          endIfSettled();
        });
  }

  private void endIfSettled() {
    if (count(State.WAITING) == 0) {
      end();
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    int accepted = count(State.ACCEPTED);
    if (accepted > 0 && accepted >= Math.min(ENOUGH, cells.size())) {
      done.accept(new Delivery(accepted, cells.size()));
      return;
    }
    storage.forget(slot.topic());
    String took = "only " + accepted + " of " + cells.size() + " DHT nodes took the record";
    failed.accept(
        count(State.REFUSED) > 0
            ? new RendezvousException(Reason.REJECTED, took + ": " + refusal)
            : new RendezvousException(Reason.UNREACHABLE, took + ", the others are silent"));
  }

  private int count(State state) {
    return (int) cells.stream().filter(cell -> cell.state == state).count();
  }
}
