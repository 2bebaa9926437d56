package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An inner endpoint and the outer one that stands for it. It lives as long as it has sessions. */
final class Mapping {
  final Endpoint inner;
  final OuterPort outer;

  /** Where {@link MappingTable} finds it; null if it serves its one session only. */
  final MappingTable.@Nullable Key key;

  /** Whether a rule made it: then anyone may use it, and it stays. */
  final boolean forwarded;

  int sessions;
  private @Nullable Map<InetAddress, int[]> contacts;

  Mapping(Endpoint inner, OuterPort outer, MappingTable.@Nullable Key key, boolean forwarded) {
    this.inner = inner;
    this.outer = outer;
    this.key = key;
    this.forwarded = forwarded;
  }

  Endpoint outside() {
    return outer.key.endpoint();
  }

  /** One more session with this remote. */
  void remember(InetAddress remote) {
    if (contacts == null) {
      contacts = new HashMap<>();
    }
    contacts.computeIfAbsent(remote, r -> new int[1])[0]++;
  }

  /** One session less. */
  void forget(InetAddress remote) {
    int[] count = contacts == null ? null : contacts.get(remote);
    if (contacts != null && count != null && --count[0] == 0) {
      contacts.remove(remote);
    }
  }

  /** Whether it has a session with this remote. */
  boolean knows(InetAddress remote) {
    return contacts != null && contacts.containsKey(remote);
  }
}
