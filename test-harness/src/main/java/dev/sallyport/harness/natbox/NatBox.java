package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A NAT that stands between the hosts inside and the Internet outside: packets go in on one side,
 * and what comes out goes to a {@link NatOutlet}. IPv4 is translated, if its behaviour says so;
 * IPv6 meets a stateful firewall with the same filter (RFC 6092).
 *
 * <p>What it does depends on its behaviour, its packets, their times and the random generator, and
 * on nothing else. Entries end at their time, whether {@link #tick} is called or not.
 *
 * <p>Not thread-safe. Times are nanoseconds of any clock that does not run backwards.
 */
public final class NatBox {
  private final NatBehavior behavior;
  private final OuterAddresses outer;
  private final SessionTable sessions;
  private final MappingTable mappings;
  private final Connections connections;
  private final HeldSyns held = new HeldSyns();

  /**
   * @param outside its outer addresses: at least one of IPv4, if it translates. It uses as many as
   *     {@link NatBehavior#outerAddresses} says, and fewer if there are fewer
   * @param random where all its chance comes from
   */
  public NatBox(NatBehavior behavior, List<InetAddress> outside, RandomGenerator random) {
    this.behavior = behavior;
    outer = new OuterAddresses(behavior, outside, random);
    sessions = new SessionTable(behavior);
    mappings = new MappingTable(behavior, outer, sessions);
    connections = new Connections(behavior, sessions, mappings);
  }

  /**
   * Lets whoever comes to this TCP port of an outer address in to the same port of a host. To be
   * called before any packet.
   *
   * @throws IllegalStateException if the port is in use
   */
  public void forward(int tcpPort, InetAddress host) {
    mappings.forward(tcpPort, host);
  }

  /** Takes a packet that a host sent to the Internet, or to an outer address. */
  public void fromInside(Packet packet, long now, NatOutlet outlet) {
    tick(now, outlet);
    if (packet instanceof Packet.Icmp error) {
      errorFromInside(error, now, outlet);
    } else if (outer.indexOf(packet.destination()) >= 0) {
      turnBack((Packet.Flow) packet, now, outlet);
    } else {
      Packet.Flow flow = (Packet.Flow) packet;
      Session session = connections.leaving(flow, now);
      outlet.judged(connections.verdict(), packet);
      if (session != null) {
        letGoOfHeld(session, outlet);
        outlet.toOutside(flow.between(session.outside.near, flow.to()));
      }
    }
  }

  /** Takes a packet that came from the Internet for an outer address. */
  public void fromOutside(Packet packet, long now, NatOutlet outlet) {
    tick(now, outlet);
    if (packet instanceof Packet.Icmp error) {
      errorFromOutside(error, error, now, outlet);
      return;
    }
    Packet.Flow flow = (Packet.Flow) packet;
    Session session = connections.entering(flow, false, now);
    if (session != null) {
      outlet.judged(connections.verdict(), packet);
      outlet.toInside(flow.between(flow.from(), session.inside.near));
    } else if (packet instanceof Packet.Tcp segment && unsolicited(segment)) {
      answer(segment, now, outlet);
    } else {
      outlet.judged(connections.verdict(), packet);
    }
  }

  /**
   * When to call {@link #tick} next, because something will come out by itself; {@link
   * Long#MAX_VALUE} if there is nothing to wait for.
   */
  public long deadline() {
    return held.deadline();
  }

  /** Does what is due. */
  public void tick(long now, NatOutlet outlet) {
    connections.expire(now);
    for (Packet.Tcp syn = held.due(now); syn != null; syn = held.due(now)) {
      outlet.judged(Verdict.HELD_TOO_LONG, syn);
      outlet.toOutside(unreachable(syn));
    }
  }

  /** How many connections and flows it knows, those included that it only remembers. */
  int sessions() {
    return sessions.size();
  }

  /** How many outer ports are in use, but for forwarded ones. */
  int ports() {
    return mappings.size();
  }

  /** How many SYNs it holds. */
  int held() {
    return held.size();
  }

  /** Whether this is a request to connect, to us, of somebody who was not asked. */
  private boolean unsolicited(Packet.Tcp segment) {
    Verdict why = connections.verdict();
    return segment.opens()
        && (why == Verdict.NO_MAPPING || why == Verdict.FILTERED)
        && (!mappings.translates(segment.destination())
            || outer.indexOf(segment.destination()) >= 0);
  }

  private void answer(Packet.Tcp syn, long now, NatOutlet outlet) {
    switch (behavior.unsolicitedSyn()) {
      case DROP -> outlet.judged(connections.verdict(), syn);
      case RESET -> {
        outlet.judged(Verdict.ANSWERED_RESET, syn);
        outlet.toOutside(reset(syn));
      }
      case ICMP -> {
        outlet.judged(Verdict.ANSWERED_ICMP, syn);
        outlet.toOutside(unreachable(syn));
      }
      case HOLD -> outlet.judged(held.hold(syn, now) ? Verdict.HELD : connections.verdict(), syn);
    }
  }

  /** A connection that a host has begun may be the one that a held SYN asks for. */
  private void letGoOfHeld(Session session, NatOutlet outlet) {
    if (connections.begun() && session.inside.tcp) {
      Packet.Tcp syn = held.meet(session.outside.near, session.remote);
      if (syn != null) {
        outlet.judged(Verdict.HELD_MET, syn);
      }
    }
  }

  /** RFC 4787 section 6: out by the mapping of the one host, and in by that of the other. */
  private void turnBack(Packet.Flow flow, long now, NatOutlet outlet) {
    boolean tcp = flow instanceof Packet.Tcp;
    if (behavior.hairpin() == Hairpin.NONE) {
      outlet.judged(Verdict.NOT_HAIRPINNED, flow);
      return;
    }
    if (mappings.ownerOf(tcp, flow.to()) == null) {
      outlet.judged(Verdict.NO_MAPPING, flow);
      return;
    }
    Session out = connections.leaving(flow, now);
    if (out == null) {
      outlet.judged(connections.verdict(), flow);
      return;
    }
    Packet.Flow between = flow.between(out.outside.near, flow.to());
    Session in = connections.entering(between, true, now);
    if (in == null) {
      outlet.judged(connections.verdict(), flow);
      return;
    }
    outlet.judged(Verdict.HAIRPINNED, flow);
    Endpoint source = behavior.hairpin() == Hairpin.INTERNAL_SOURCE ? flow.from() : between.from();
    outlet.toInside(flow.between(source, in.inside.near));
  }

  /** RFC 5508 REQ-4 and REQ-5: translated as what it is about, and said in our name. */
  private void errorFromInside(Packet.Icmp error, long now, NatOutlet outlet) {
    Packet.Flow about = error.about();
    Session session = sessions.fromInside(about instanceof Packet.Tcp, about.to(), about.from());
    if (session == null || session.ghost) {
      outlet.judged(Verdict.ERROR_DROPPED, error);
      return;
    }
    Endpoint outside = session.outside.near;
    InetAddress source = mappings.translates(error.source()) ? outside.address() : error.source();
    Packet.Icmp translated =
        new Packet.Icmp(source, error.error(), about.between(about.from(), outside));
    if (outer.indexOf(translated.destination()) >= 0) {
      errorFromOutside(translated, error, now, outlet);
    } else {
      outlet.judged(Verdict.ERROR_PASSED, error);
      outlet.toOutside(translated);
    }
  }

  /**
   * @param given the error as it was given to us, which is another one if it was turned back (RFC
   *     5508 REQ-7)
   */
  private void errorFromOutside(Packet.Icmp error, Packet.Icmp given, long now, NatOutlet outlet) {
    Packet.Flow about = error.about();
    Session session = sessions.fromOutside(about instanceof Packet.Tcp, about.from(), about.to());
    if (session == null || session.ghost) {
      outlet.judged(Verdict.ERROR_DROPPED, given);
      return;
    }
    connections.hit(session, now);
    outlet.judged(Verdict.ERROR_PASSED, given);
    outlet.toInside(
        new Packet.Icmp(
            error.source(), error.error(), about.between(session.inside.near, about.to())));
  }

  /** RFC 9293 section 3.10.7.1: what answers a SYN to a port where nobody is. */
  private static Packet.Tcp reset(Packet.Tcp syn) {
    long acknowledgment = (syn.sequence() + 1 + syn.length()) & 0xffffffffL;
    return new Packet.Tcp(
        syn.to(), syn.from(), TcpFlags.RST | TcpFlags.ACK, 0, acknowledgment, 0, null);
  }

  /** RFC 5382 REQ-4: "Port Unreachable". */
  private static Packet.Icmp unreachable(Packet.Tcp syn) {
    return new Packet.Icmp(syn.destination(), IcmpError.PORT_UNREACHABLE, syn);
  }
}
