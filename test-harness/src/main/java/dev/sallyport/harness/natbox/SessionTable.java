package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All sessions of a box, found from both sides, and ended by their timers. */
final class SessionTable {
  private final NatBehavior behavior;
  private final NatTimersNanos timers;
  private final Map<FlowKey, Session> byInside = new HashMap<>();
  private final Map<FlowKey, Session> byOutside = new HashMap<>();
  private final DeadlineHeap<Session> deadlines = new DeadlineHeap<>();
  private int halfOpen;

  SessionTable(NatBehavior behavior) {
    this.behavior = behavior;
    timers = new NatTimersNanos(behavior.timers());
  }

  @Nullable Session fromInside(boolean tcp, Endpoint inner, Endpoint remote) {
    return byInside.get(new FlowKey(tcp, inner, remote));
  }

  @Nullable Session fromOutside(boolean tcp, Endpoint outer, Endpoint remote) {
    return byOutside.get(new FlowKey(tcp, outer, remote));
  }

  int size() {
    return byInside.size();
  }

  boolean full() {
    return byInside.size() >= behavior.sessionCap();
  }

  /** Whether a new connection would be one half-open connection too many. */
  boolean fullOfHalfOpen() {
    return halfOpen >= behavior.halfOpenCap();
  }

  /** Lists a new session, whose timer starts now. */
  void add(Session session, boolean leaving, long now) {
    byInside.put(session.inside, session);
    byOutside.put(session.outside, session);
    session.listed = true;
    session.mapping.sessions++;
    session.lastOut = leaving ? now : now - timers.linger;
    if (behavior.filtering(session.inside.tcp) == Behavior.ADDRESS_DEPENDENT) {
      session.mapping.remember(session.remote.address());
    }
    session.deadline = now + timers.of(session);
    deadlines.add(session);
  }

  /** A change of state that may open or close the half of a connection. */
  void count(boolean wasHalfOpen, boolean isHalfOpen) {
    if (wasHalfOpen != isHalfOpen) {
      halfOpen += isHalfOpen ? 1 : -1;
    }
  }

  /** A packet has passed. */
  void touch(Session session, boolean leaving, long now) {
    if (leaving) {
      session.lastOut = now;
    }
    if (session instanceof TcpSession tcp ? tcp.poisoned() : !leaving && !timers.inboundUdp) {
      return;
    }
    session.deadline = now + timers.of(session);
    deadlines.hasMoved(session);
  }

  /**
   * A connection is over: its place in the tables goes, or it stays as a ghost for the filter.
   *
   * @return whether it has gone, and with it perhaps the need for its mapping
   */
  boolean end(Session session, long now) {
    if (session instanceof TcpSession tcp) {
      count(tcp.halfOpen(), false);
      tcp.close();
    }
    if (session.place >= 0) {
      deadlines.remove(session);
    }
    long remembered = session.lastOut + timers.linger;
    if (remembered > now) {
      session.ghost = true;
      session.deadline = remembered;
      deadlines.add(session);
      return false;
    }
    byInside.remove(session.inside);
    byOutside.remove(session.outside);
    session.listed = false;
    session.mapping.sessions--;
    if (behavior.filtering(session.inside.tcp) == Behavior.ADDRESS_DEPENDENT) {
      session.mapping.forget(session.remote.address());
    }
    return true;
  }

  /** Takes one that has ended by now out of the timers, or returns null. */
  @Nullable Session due(long now) {
    return deadlines.poll(now);
  }
}
