package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.harness.natbox.OuterPort.PortKey;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which outer endpoint stands for which inner one (RFC 4787 section 4). */
final class MappingTable {
  /** As often as Linux looks for a port that clashes with nothing. */
  private static final int TRIES = 128;

  /**
   * What a mapping depends on.
   *
   * @param scope null, or the remote's address, or its endpoint: {@link Behavior}
   */
  record Key(boolean tcp, Endpoint inner, @Nullable Object scope) {
    @Override
    public int hashCode() {
      int remote = scope instanceof Endpoint end ? FlowKey.hash(end) : Objects.hashCode(scope);
      int mixed = FlowKey.hash(inner) * 31 + Integer.rotateLeft(remote, 15);
      return tcp ? mixed : ~mixed;
    }
  }

  /** A mapping for a new session, and what was done to get it. */
  record Found(Mapping mapping, Verdict verdict) {}

  private final NatBehavior behavior;
  private final OuterAddresses outer;
  private final SessionTable sessions;
  private final Map<Key, Mapping> byKey = new HashMap<>();
  private final Map<PortKey, OuterPort> ports = new HashMap<>();
  private int forwards;

  MappingTable(NatBehavior behavior, OuterAddresses outer, SessionTable sessions) {
    this.behavior = behavior;
    this.outer = outer;
    this.sessions = sessions;
  }

  /** Whether packets from and to this address get another one. */
  boolean translates(InetAddress address) {
    return behavior.translates() && address instanceof Inet4Address;
  }

  /** How many outer ports are in use, but for those that are forwarded. */
  int size() {
    return ports.size() - forwards;
  }

  /** Whose outer endpoint this is: of several, who sent last from it. */
  @Nullable Mapping ownerOf(boolean tcp, Endpoint outside) {
    OuterPort port = ports.get(new PortKey(tcp, outside));
    return port == null ? null : port.owner;
  }

  /** The mapping for a new session, found or made; null if there is no port left. */
  @Nullable Found forSession(boolean tcp, Endpoint inner, Endpoint remote) {
    Key key = new Key(tcp, inner, scope(tcp, remote));
    Mapping there = byKey.get(key);
    boolean overloading = behavior.ports() instanceof PortChoice.Overloading;
    if (there != null && (!overloading || unique(tcp, there.outside(), remote))) {
      return new Found(there, Verdict.REUSED);
    }
    if (!translates(inner.address())) {
      return new Found(make(inner, port(tcp, inner), key), Verdict.MAPPED);
    }
    int index =
        there == null ? outer.pick(inner.address()) : outer.indexOf(there.outside().address());
    if (overloading) {
      return overload(key, remote, index, there == null);
    }
    PortPool pool = outer.pool(index);
    int port = pool.take(tcp, inner);
    if (port != PortPool.NONE) {
      return new Found(make(inner, port(tcp, at(index, port)), key), Verdict.MAPPED);
    }
    return behavior.ports() instanceof PortChoice.Preserving ? apart(key, remote, index) : null;
  }

  /** The inner port is taken. */
  private @Nullable Found apart(Key key, Endpoint remote, int index) {
    int port = outer.pool(index).takeAny(key.tcp);
    if (port == PortPool.NONE) {
      return null;
    }
    Mapping holder = ownerOf(key.tcp, at(index, key.inner.port()));
    boolean own = holder != null && holder.inner.equals(key.inner);
    Key kept =
        own || behavior.conflict() == PortConflict.OTHER_PORT
            ? key
            : new Key(key.tcp, key.inner, remote);
    return new Found(
        make(key.inner, port(key.tcp, at(index, port)), kept),
        own ? Verdict.MAPPED : Verdict.MAPPED_APART);
  }

  /** A port that may be somebody else's too, as long as it is not to this remote. */
  private @Nullable Found overload(Key key, Endpoint remote, int index, boolean first) {
    Endpoint outside = at(index, key.inner.port());
    Verdict verdict = Verdict.MAPPED;
    for (int tries = 0; !unique(key.tcp, outside, remote); tries++) {
      if (tries == TRIES) {
        return null;
      }
      outside = at(index, outer.pool(index).any());
      verdict = Verdict.MAPPED_APART;
    }
    return new Found(make(key.inner, port(key.tcp, outside), first ? key : null), verdict);
  }

  private boolean unique(boolean tcp, Endpoint outside, Endpoint remote) {
    return sessions.fromOutside(tcp, outside, remote) == null;
  }

  private Endpoint at(int index, int port) {
    return new Endpoint(outer.address(index), port);
  }

  private @Nullable Object scope(boolean tcp, Endpoint remote) {
    return switch (behavior.mapping(tcp)) {
      case ENDPOINT_INDEPENDENT -> null;
      case ADDRESS_DEPENDENT -> remote.address();
      case ADDRESS_AND_PORT_DEPENDENT -> remote;
    };
  }

  private OuterPort port(boolean tcp, Endpoint outside) {
    PortKey key = new PortKey(tcp, outside);
    OuterPort port = ports.get(key);
    if (port == null) {
      port = new OuterPort(key);
      ports.put(key, port);
    }
    return port;
  }

  private Mapping make(Endpoint inner, OuterPort port, @Nullable Key key) {
    Mapping mapping = new Mapping(inner, port, key, false);
    port.mappings++;
    port.usedBy(mapping);
    if (key != null) {
      byKey.put(key, mapping);
    }
    return mapping;
  }

  /** A rule: this port of every outer address is the host's, for ever. */
  void forward(int port, InetAddress host) {
    Endpoint inner = new Endpoint(host, port);
    if (!translates(host)) {
      keep(inner, inner, true);
      return;
    }
    for (int index = 0; index < outer.count(); index++) {
      outer.pool(index).take(true, port);
      keep(inner, at(index, port), index == outer.paired(host));
    }
  }

  private void keep(Endpoint inner, Endpoint outside, boolean bothWays) {
    Key key = new Key(true, inner, null);
    OuterPort port = port(true, outside);
    if (port.mappings > 0) {
      throw new IllegalStateException(outside + " is in use");
    }
    // What the host sends from that port goes out by it too, where mappings do not depend on
    // the remote; elsewhere nobody looks for this key.
    boolean known = bothWays && !byKey.containsKey(key);
    Mapping mapping = new Mapping(inner, port, known ? key : null, true);
    if (known) {
      byKey.put(key, mapping);
    }
    forwards++;
    port.mappings++;
    port.owner = mapping;
  }

  /** A session of this mapping is over; the mapping goes with the last one. */
  void release(Mapping mapping, boolean tcp) {
    if (mapping.sessions > 0 || mapping.forwarded) {
      return;
    }
    if (mapping.key != null) {
      byKey.remove(mapping.key);
    }
    OuterPort port = mapping.outer;
    if (port.owner == mapping) {
      port.owner = null;
    }
    port.mappings--;
    if (port.mappings > 0) {
      return;
    }
    ports.remove(port.key);
    if (translates(mapping.inner.address())
        && !(behavior.ports() instanceof PortChoice.Overloading)) {
      Endpoint outside = mapping.outside();
      outer
          .pool(outer.indexOf(outside.address()))
          .free(tcp, outside.port(), mapping.inner.address());
    }
  }
}
