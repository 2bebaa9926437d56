package dev.sallyport.harness.tcp;

import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The receiving half of a connection: puts segments in order (RFC 9293 section 3.10.7.4). */
final class Reception {
  /** What Linux offers at first; a segment further ahead is not for this connection. */
  static final int WINDOW = 64_240;

  private final Deque<Object> messages = new ArrayDeque<>(4);
  private final List<Tcp> ahead = new ArrayList<>(0);
  private int next;
  private boolean finished;

  /** The connection's first sequence number after the other end's SYN. */
  void start(int first) {
    next = first;
  }

  /** RCV.NXT. */
  int next() {
    return next;
  }

  /** Whether the other end's FIN has come, and all before it. */
  boolean isFinished() {
    return finished;
  }

  /** The oldest message that nobody has read; null if there is none. */
  @Nullable Object poll() {
    return messages.poll();
  }

  boolean hasUnread() {
    return !messages.isEmpty();
  }

  /** The acceptability test of RFC 9293 section 3.4, as {@code tcp_sequence} does it. */
  boolean inWindow(int seq, int end) {
    return !Seq.before(end, next) && !Seq.after(seq, next + WINDOW);
  }

  /** Takes data and FIN; each is one whole segment of its maker's, so they never overlap. */
  void take(Tcp segment) {
    if (Seq.of(segment) == next) {
      append(segment);
      while (appendAhead()) {
        // As long as each closes the gap before another.
      }
    } else if (Seq.after(Seq.of(segment), next) && !ahead.contains(segment)) {
      ahead.add(segment);
    }
  }

  private boolean appendAhead() {
    for (int i = 0; i < ahead.size(); i++) {
      int distance = Seq.of(ahead.get(i)) - next;
      if (distance <= 0) {
        Tcp segment = ahead.remove(i);
        if (distance == 0) {
          append(segment);
        }
        return true;
      }
    }
    return false;
  }

  private void append(Tcp segment) {
    next = Seq.of(segment) + Seq.length(segment);
    if (segment.length() > 0 && segment.body() != null) {
      messages.add(segment.body());
    }
    finished |= segment.has(TcpFlags.FIN);
  }
}
