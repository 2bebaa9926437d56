package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** SYNs that are neither let in nor answered for 6 s (RFC 5382 REQ-4). */
final class HeldSyns {
  private static final long PATIENCE = 6_000_000_000L;
  private static final int MAX = 1024;

  private record Held(Packet.Tcp syn, long until) {}

  /** In the order of their deadlines, since all are held for as long. */
  private final Map<FlowKey, Held> held = new LinkedHashMap<>();

  /** Holds a SYN; false if one of that connection is held already, or there are too many. */
  boolean hold(Packet.Tcp syn, long now) {
    if (held.size() >= MAX) {
      return false;
    }
    return held.putIfAbsent(new FlowKey(true, syn.to(), syn.from()), new Held(syn, now + PATIENCE))
        == null;
  }

  int size() {
    return held.size();
  }

  /** The one that a SYN from this outer endpoint to this remote meets, taken out; or null. */
  Packet.@Nullable Tcp meet(Endpoint outside, Endpoint remote) {
    if (held.isEmpty()) {
      return null;
    }
    Held met = held.remove(new FlowKey(true, outside, remote));
    return met == null ? null : met.syn;
  }

  /** The next one whose time is over, taken out; or null. */
  Packet.@Nullable Tcp due(long now) {
    if (held.isEmpty()) {
      return null;
    }
    Iterator<Held> all = held.values().iterator();
    Held first = all.next();
    if (first.until > now) {
      return null;
    }
    all.remove();
    return first.syn;
  }

  /** When the next one's time is over, or {@link Long#MAX_VALUE}. */
  long deadline() {
    return held.isEmpty() ? Long.MAX_VALUE : held.values().iterator().next().until;
  }
}
