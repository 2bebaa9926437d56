package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import org.jspecify.annotations.Nullable;

/** Finds or makes the session of each packet, and says why if it cannot have one. */
final class Connections {
  private final NatBehavior behavior;
  private final SessionTable sessions;
  private final MappingTable mappings;
  private final Filter filter;
  private Verdict verdict = Verdict.NO_MAPPING;
  private boolean begun;

  Connections(NatBehavior behavior, SessionTable sessions, MappingTable mappings) {
    this.behavior = behavior;
    this.sessions = sessions;
    this.mappings = mappings;
    filter = new Filter(behavior);
  }

  /** Why the last packet has the session that it has, or none. */
  Verdict verdict() {
    return verdict;
  }

  /** Whether the last packet has begun a session. */
  boolean begun() {
    return begun;
  }

  /** The session by which a packet may go out, or null. */
  @Nullable Session leaving(Packet.Flow packet, long now) {
    begun = false;
    boolean tcp = packet instanceof Packet.Tcp;
    Session session = sessions.fromInside(tcp, packet.from(), packet.to());
    if (session == null) {
      return beginFromInside(packet, now);
    }
    if (session instanceof TcpSession connection) {
      Packet.Tcp segment = (Packet.Tcp) packet;
      if (connection.closed() && segment.opens()) {
        if (!begin(connection, TcpSession.INSIDE, segment, now)) {
          return null;
        }
      } else if (session.ghost) {
        return refuse(Verdict.OUT_OF_STATE);
      } else if (!follow(connection, TcpSession.INSIDE, segment, now)) {
        return null;
      }
    } else {
      session.ghost = false;
      sessions.touch(session, true, now);
    }
    session.mapping.outer.usedBy(session.mapping);
    verdict = Verdict.REUSED;
    return session;
  }

  private @Nullable Session beginFromInside(Packet.Flow packet, long now) {
    boolean tcp = packet instanceof Packet.Tcp;
    if (packet instanceof Packet.Tcp segment && !segment.opens()) {
      return refuse(Verdict.OUT_OF_STATE);
    }
    if (full(tcp)) {
      return refuse(Verdict.EXHAUSTED);
    }
    MappingTable.Found found = mappings.forSession(tcp, packet.from(), packet.to());
    if (found == null) {
      return refuse(Verdict.EXHAUSTED);
    }
    verdict = found.verdict();
    found.mapping().outer.usedBy(found.mapping());
    return add(found.mapping(), packet.to(), packet, TcpSession.INSIDE, now);
  }

  /**
   * The session by which a packet may come in, or null.
   *
   * @param anyone whether the filter is to let it in whoever it is from
   */
  @Nullable Session entering(Packet.Flow packet, boolean anyone, long now) {
    begun = false;
    boolean tcp = packet instanceof Packet.Tcp;
    Session session = sessions.fromOutside(tcp, packet.to(), packet.from());
    if (session == null || session.ghost) {
      return beginFromOutside(packet, session, anyone, now);
    }
    if (session instanceof TcpSession connection) {
      Packet.Tcp segment = (Packet.Tcp) packet;
      if (connection.closed() && segment.opens()) {
        if (!anyone && judge(packet, session.mapping, null) == Verdict.FILTERED) {
          // Nothing is open for it any more: it is a stranger's SYN, and answered as one.
          return refuse(Verdict.FILTERED);
        }
        if (!begin(connection, TcpSession.OUTSIDE, segment, now)) {
          return null;
        }
      } else if (!follow(connection, TcpSession.OUTSIDE, segment, now)) {
        return null;
      }
    } else {
      sessions.touch(session, false, now);
    }
    verdict = Verdict.ADMITTED;
    return session;
  }

  private @Nullable Session beginFromOutside(
      Packet.Flow packet, @Nullable Session ghost, boolean anyone, long now) {
    boolean tcp = packet instanceof Packet.Tcp;
    Mapping mapping = ghost != null ? ghost.mapping : mappings.ownerOf(tcp, packet.to());
    if (mapping == null) {
      return refuse(Verdict.NO_MAPPING);
    }
    Verdict judged = judge(packet, mapping, ghost);
    if (judged == Verdict.FILTERED && !anyone) {
      return refuse(Verdict.FILTERED);
    }
    if (packet instanceof Packet.Tcp segment && !segment.opens()) {
      return refuse(Verdict.OUT_OF_STATE);
    }
    Session session;
    if (ghost != null) {
      session = revive(ghost, packet, now);
    } else {
      Session other = sessions.fromInside(tcp, mapping.inner, packet.from());
      if (other != null) {
        // The host talks to this remote by another mapping: its answers go out by that one.
        session = tcp ? refuse(Verdict.OUT_OF_STATE) : other;
      } else if (full(tcp)) {
        session = refuse(Verdict.EXHAUSTED);
      } else {
        session = add(mapping, packet.from(), packet, TcpSession.OUTSIDE, now);
      }
    }
    if (session != null) {
      verdict = judged == Verdict.FILTERED ? Verdict.ADMITTED_ANYONE : judged;
    }
    return session;
  }

  private Verdict judge(Packet.Flow packet, Mapping mapping, @Nullable Session remembered) {
    return filter.judge(packet instanceof Packet.Tcp, mapping, packet.from(), remembered);
  }

  private @Nullable Session revive(Session ghost, Packet.Flow packet, long now) {
    if (ghost instanceof TcpSession connection) {
      return begin(connection, TcpSession.OUTSIDE, (Packet.Tcp) packet, now) ? ghost : null;
    }
    ghost.ghost = false;
    sessions.touch(ghost, false, now);
    return ghost;
  }

  private Session add(Mapping mapping, Endpoint remote, Packet.Flow packet, int side, long now) {
    Session session;
    if (packet instanceof Packet.Tcp segment) {
      TcpSession connection = new TcpSession(mapping, remote, behavior);
      connection.begin(side, segment);
      sessions.count(false, true);
      session = connection;
    } else {
      session = new Session(false, mapping, remote);
    }
    sessions.add(session, side == TcpSession.INSIDE, now);
    begun = true;
    return session;
  }

  /** A new connection where there was one before. */
  private boolean begin(TcpSession connection, int side, Packet.Tcp syn, long now) {
    if (sessions.fullOfHalfOpen()) {
      verdict = Verdict.EXHAUSTED;
      return false;
    }
    connection.begin(side, syn);
    sessions.count(false, true);
    sessions.touch(connection, side == TcpSession.INSIDE, now);
    begun = true;
    return true;
  }

  private boolean follow(TcpSession connection, int side, Packet.Tcp segment, long now) {
    boolean wasHalfOpen = connection.halfOpen();
    Verdict refused = connection.follow(side, segment);
    if (refused != null) {
      verdict = refused;
      return false;
    }
    sessions.count(wasHalfOpen, connection.halfOpen());
    sessions.touch(connection, side == TcpSession.INSIDE, now);
    if (connection.over()) {
      end(connection, now);
    }
    return true;
  }

  /** An ICMP error about a packet of this session came from outside. */
  void hit(Session session, long now) {
    if (session instanceof TcpSession connection) {
      connection.hit(behavior.onIcmp());
      if (connection.over()) {
        end(connection, now);
      }
    }
  }

  /** Ends what is due. */
  void expire(long now) {
    for (Session due = sessions.due(now); due != null; due = sessions.due(now)) {
      end(due, now);
    }
  }

  private void end(Session session, long now) {
    if (sessions.end(session, now)) {
      mappings.release(session.mapping, session.inside.tcp);
    }
  }

  private boolean full(boolean tcp) {
    return sessions.full() || (tcp && sessions.fullOfHalfOpen());
  }

  private @Nullable Session refuse(Verdict why) {
    verdict = why;
    return null;
  }
}
