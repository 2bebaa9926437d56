package dev.sallyport.domain.session;

import dev.sallyport.domain.punch.SocketId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one machine that are up but not yet a link: some being secured, the rest in line.
 */
final class SecureQueue {
  private final int inFlight;
  private final int waiting;
  private final Set<SocketId> securing = new LinkedHashSet<>();
  private final ArrayDeque<SocketId> line = new ArrayDeque<>();

  SecureQueue(int inFlight, int waiting) {
    this.inFlight = inFlight;
    this.waiting = waiting;
  }

  /** Takes a socket in, unless the line is full. */
  boolean offer(SocketId id) {
    return line.size() < waiting && line.add(id);
  }

  /** The next socket to secure now, or null. */
  @Nullable SocketId next() {
    if (securing.size() >= inFlight || line.isEmpty()) {
      return null;
    }
    SocketId id = line.remove();
    securing.add(id);
    return id;
  }

  /** Forgets a socket; whether it was here. */
  boolean remove(SocketId id) {
    return securing.remove(id) || line.remove(id);
  }

  boolean isSecuring(SocketId id) {
    return securing.contains(id);
  }

  /** Empties the queue and says what was in it. */
  List<SocketId> drain() {
    List<SocketId> all = new ArrayList<>(securing);
    all.addAll(line);
    securing.clear();
    line.clear();
    return all;
  }
}
