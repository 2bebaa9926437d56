package dev.sallyport.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import lbms.plugins.mldht.kad.Key;
import org.jspecify.annotations.Nullable;

/**
 * The good nodes we know: those that answered us. A Kademlia table (Maymounkov and Mazieres 2002,
 * section 2.4): one bucket for each length of the prefix a node's id shares with ours. The first
 * buckets are wider, as libtorrent's are, so that a small network is known completely.
 *
 * <p>A node that failed to answer once is not named to others any more, and goes when a better one
 * comes or when it fails again.
 *
 * <p>Threading: safe from any thread.
 */
final class NodeTable {
  private static final int NARROW = 8;
  private static final int WIDE = 64;
  private static final int MAX_FAILURES = 2;
  private static final long STALE_NANOS = TimeUnit.MINUTES.toNanos(15);

  private static final class Entry {
    final Contact contact;
    long heardNanos;
    int failures;
    boolean ours;

    Entry(Contact contact) {
      this.contact = contact;
    }
  }

  private final Key self;
  private final Supplier<CandidatePolicy> policy;
  private final Map<Integer, List<Entry>> buckets = new HashMap<>();
  private final Map<InetSocketAddress, Entry> byAddress = new HashMap<>();
  private final Map<InetAddress, List<Entry>> byHost = new HashMap<>();

  NodeTable(Key self, Supplier<CandidatePolicy> policy) {
    this.self = self;
    this.policy = policy;
  }

  /**
   * A node answered us.
   *
   * @param ours whether it runs this software
   * @return whether it is new here
   */
  synchronized boolean heard(Contact contact, boolean ours, long nowNanos) {
    Entry known = byAddress.get(contact.address());
    if (known != null && !known.contact.equals(contact)) {
      // Restarted with another id.
      remove(known);
      known = null;
    }
    boolean isNew = known == null;
    if (known == null) {
      known = insert(contact, nowNanos);
      if (known == null) {
        return false;
      }
    }
    known.heardNanos = nowNanos;
    known.failures = 0;
    known.ours = ours;
    return isNew;
  }

  /** A node takes long to answer: not to be counted on until it does. */
  synchronized void late(InetSocketAddress address) {
    Entry entry = byAddress.get(address);
    if (entry != null) {
      entry.failures = Math.max(1, entry.failures);
    }
  }

  /** A node did not answer us. */
  synchronized void failed(InetSocketAddress address) {
    Entry entry = byAddress.get(address);
    if (entry != null && ++entry.failures >= MAX_FAILURES) {
      remove(entry);
    }
  }

  /** Whether this node would be let in if it answered; false for one that is in. */
  synchronized boolean wants(Contact contact, long nowNanos) {
    return !byAddress.containsKey(contact.address()) && hasRoom(contact, nowNanos);
  }

  /** The good nodes closest to a target, the closest first. */
  synchronized List<Contact> closest(Key target, int count) {
    List<Contact> good = new ArrayList<>(byAddress.size());
    for (Entry entry : byAddress.values()) {
      if (entry.failures == 0) {
        good.add(entry.contact);
      }
    }
    good.sort(Comparator.comparing(Contact::id, new Key.DistanceOrder(target)));
    return List.copyOf(good.subList(0, Math.min(count, good.size())));
  }

  /** The nodes heard last, the latest first. */
  synchronized List<Contact> freshest(int count) {
    return byAddress.values().stream()
        .filter(entry -> entry.failures == 0)
        .sorted(Comparator.comparingLong((Entry entry) -> entry.heardNanos).reversed())
        .limit(count)
        .map(entry -> entry.contact)
        .toList();
  }

  /** The node not heard for longest, if that is longer than {@code nanos}. */
  synchronized @Nullable Contact stalest(long nanos, long nowNanos) {
    return byAddress.values().stream()
        .filter(entry -> nowNanos - entry.heardNanos > nanos)
        .min(Comparator.comparingLong(entry -> entry.heardNanos))
        .map(entry -> entry.contact)
        .orElse(null);
  }

  /** Whether all nodes we know at this address say that they run this software. */
  synchronized boolean isOurs(InetAddress host) {
    List<Entry> entries = byHost.get(host);
    return entries != null && entries.stream().allMatch(entry -> entry.ours);
  }

  synchronized int size() {
    return byAddress.size();
  }

  private @Nullable Entry insert(Contact contact, long nowNanos) {
    if (!hasRoom(contact, nowNanos)) {
      return null;
    }
    List<Entry> bucket = buckets.computeIfAbsent(prefix(contact.id()), k -> new ArrayList<>());
    bucket.stream()
        .filter(entry -> entry.contact.id().equals(contact.id()))
        .findFirst()
        .ifPresent(this::remove);
    if (bucket.size() >= capacity(contact.id())) {
      bucket.stream()
          .filter(entry -> isReplaceable(entry, nowNanos))
          .findFirst()
          .ifPresent(this::remove);
    }
    Entry entry = new Entry(contact);
    bucket.add(entry);
    byAddress.put(contact.address(), entry);
    byHost.computeIfAbsent(contact.address().getAddress(), host -> new ArrayList<>()).add(entry);
    return entry;
  }

  private boolean hasRoom(Contact contact, long nowNanos) {
    if (contact.id().equals(self) || !policy.get().allows(contact.address())) {
      return false;
    }
    if (policy.get() == CandidatePolicy.PUBLIC
        && byHost.containsKey(contact.address().getAddress())) {
      return false;
    }
    List<Entry> bucket = buckets.getOrDefault(prefix(contact.id()), List.of());
    for (Entry entry : bucket) {
      if (entry.contact.id().equals(contact.id())) {
        // The same id elsewhere: it moved, or somebody claims to be it. The one we know stays
        // as long as it answers.
        return isReplaceable(entry, nowNanos);
      }
    }
    return bucket.size() < capacity(contact.id())
        || bucket.stream().anyMatch(entry -> isReplaceable(entry, nowNanos));
  }

  private void remove(Entry entry) {
    Contact contact = entry.contact;
    byAddress.remove(contact.address());
    byHost.computeIfPresent(
        contact.address().getAddress(),
        (host, entries) -> {
          entries.remove(entry);
          return entries.isEmpty() ? null : entries;
        });
    List<Entry> bucket = buckets.get(prefix(contact.id()));
    if (bucket != null) {
      bucket.remove(entry);
    }
  }

  private static boolean isReplaceable(Entry entry, long nowNanos) {
    return entry.failures > 0 || nowNanos - entry.heardNanos > STALE_NANOS;
  }

  private int capacity(Key id) {
    return Math.max(NARROW, WIDE >>> Math.min(prefix(id), 6));
  }

  /** How many leading bits an id shares with ours. */
  private int prefix(Key id) {
    byte[] distance = self.distance(id).getHash();
    int bits = 0;
    for (byte part : distance) {
      if (part != 0) {
        return bits + Integer.numberOfLeadingZeros(part & 0xff) - 24;
      }
      bits += 8;
    }
    return bits;
  }
}
