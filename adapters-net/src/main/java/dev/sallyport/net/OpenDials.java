package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.SocketId;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The dials that have not ended yet, by id and by deadline. Not thread-safe. */
final class OpenDials {

  /** One dial; its channel is there as soon as the connect has been started. */
  static final class Dial {
    final SocketId id;
    final int localPort;
    final Endpoint remote;
    final long deadlineNanos;
    @Nullable SocketChannel channel;
    private long order;

    Dial(SocketId id, int localPort, Endpoint remote, long deadlineNanos) {
      this.id = id;
      this.localPort = localPort;
      this.remote = remote;
      this.deadlineNanos = deadlineNanos;
    }
  }

  private final Map<SocketId, Dial> byId = new HashMap<>();
  private final TreeSet<Dial> byDeadline =
      new TreeSet<>(
          Comparator.<Dial>comparingLong(dial -> dial.deadlineNanos)
              .thenComparingLong(dial -> dial.order));
  private long nextOrder;

  void add(Dial dial) {
    dial.order = nextOrder++;
    byId.put(dial.id, dial);
    byDeadline.add(dial);
  }

  void remove(Dial dial) {
    byId.remove(dial.id, dial);
    byDeadline.remove(dial);
  }

  @Nullable Dial get(SocketId id) {
    return byId.get(id);
  }

  /** {@link Long#MAX_VALUE} if there is none. */
  long nextDeadlineNanos() {
    return byDeadline.isEmpty() ? Long.MAX_VALUE : byDeadline.first().deadlineNanos;
  }

  List<Dial> all() {
    return new ArrayList<>(byDeadline);
  }

  List<Dial> dueBy(long nowNanos) {
    List<Dial> due = new ArrayList<>();
    for (Dial dial : byDeadline) {
      if (dial.deadlineNanos > nowNanos) {
        break;
      }
      due.add(dial);
    }
    return due;
  }
}
