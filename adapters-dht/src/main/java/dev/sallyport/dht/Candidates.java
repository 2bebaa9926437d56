package dev.sallyport.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import lbms.plugins.mldht.kad.Key;
import org.jspecify.annotations.Nullable;

/**
 * Whom one lookup knows: nodes by their distance to the target, bounded, and the bootstrap nodes,
 * whose ids are not known yet.
 *
 * <p>Threading: confined to the loop.
 */
final class Candidates {
  private static final int MAX = 160;

  /** How far it has come with a candidate. */
  enum State {
    NEW,
    ASKED,
    /** Its answer takes long; it may still come. */
    LATE,
    ANSWERED,
    FAILED
  }

  /** A node that may be asked. */
  static final class Candidate {
    final InetSocketAddress address;
    @Nullable Contact contact;
    @Nullable Holder holder;
    State state = State.NEW;
    int tries;

    /** Whether it refuses to be asked for items: public routers may. */
    boolean routesOnly;

    private Candidate(InetSocketAddress address, @Nullable Contact contact) {
      this.address = address;
      this.contact = contact;
    }
  }

  private final Key target;
  private final Key self;
  private final Supplier<CandidatePolicy> policy;
  private final Map<InetSocketAddress, Candidate> byAddress = new HashMap<>();
  private final TreeMap<Key, Candidate> byDistance;
  private final List<Candidate> seeds = new ArrayList<>();
  private final Set<InetAddress> hosts = new HashSet<>();

  /**
   * @param self our own id, which is no candidate
   */
  Candidates(Key target, Key self, Supplier<CandidatePolicy> policy) {
    this.target = target;
    this.self = self;
    this.policy = policy;
    byDistance = new TreeMap<>(new Key.DistanceOrder(target));
  }

  /** A node to consider, if it is new and its address is allowed. */
  void offer(Contact contact) {
    if (contact.id().equals(self)
        || !policy.get().allows(contact.address())
        || byAddress.containsKey(contact.address())
        || byDistance.containsKey(contact.id())) {
      return;
    }
    if (policy.get() == CandidatePolicy.PUBLIC && !hosts.add(contact.address().getAddress())) {
      return;
    }
    if (byDistance.size() >= MAX && !makeRoom(contact)) {
      return;
    }
    Candidate candidate = new Candidate(contact.address(), contact);
    byAddress.put(contact.address(), candidate);
    byDistance.put(contact.id(), candidate);
  }

  /** The address of a bootstrap node. */
  void offerSeed(InetSocketAddress address) {
    if (!byAddress.containsKey(address) && policy.get().allows(address)) {
      Candidate candidate = new Candidate(address, null);
      byAddress.put(address, candidate);
      seeds.add(candidate);
    }
  }

  /** A candidate answered, with the id it really has. */
  void identify(Candidate candidate, Contact answered) {
    Contact claimed = candidate.contact;
    if (claimed != null && !claimed.id().equals(answered.id())) {
      // Somebody named this address with an id it does not have.
      byDistance.remove(claimed.id());
      claimed = null;
    }
    candidate.contact = answered;
    if (claimed == null) {
      byDistance.putIfAbsent(answered.id(), candidate);
    }
  }

  /** A candidate answered, but not what was wanted of it: it holds nothing. */
  void dismiss(Candidate candidate) {
    Contact contact = candidate.contact;
    if (contact != null) {
      byDistance.remove(contact.id(), candidate);
    }
  }

  /** Takes a node for one that was not asked yet. */
  void offerAgain(Contact contact) {
    byAddress.remove(contact.address());
    hosts.remove(contact.address().getAddress());
    offer(contact);
  }

  /** The closest ones that answered or may do so in time. */
  List<Candidate> closestAlive(int count) {
    return byDistance.values().stream()
        .filter(c -> c.state != State.FAILED && c.state != State.LATE)
        .limit(count)
        .toList();
  }

  /** What the closest of those that answered said. */
  List<Holder> closestHolders(int count) {
    List<Holder> closest = new ArrayList<>();
    for (Candidate candidate : byDistance.values()) {
      Holder holder = candidate.holder;
      if (holder != null && closest.size() < count) {
        closest.add(holder);
      }
    }
    return List.copyOf(closest);
  }

  List<Candidate> newSeeds() {
    return seeds.stream().filter(seed -> seed.state == State.NEW).toList();
  }

  List<Candidate> lateOnes(int triedLessThan) {
    return byAddress.values().stream()
        .filter(c -> c.state == State.LATE && c.tries < triedLessThan)
        .toList();
  }

  int count(State state) {
    return (int) byAddress.values().stream().filter(c -> c.state == state).count();
  }

  /** How many nodes are known by id. */
  int size() {
    return byDistance.size();
  }

  private boolean makeRoom(Contact contact) {
    Candidate farthest = byDistance.lastEntry().getValue();
    if (farthest.state != State.NEW
        || target.threeWayDistance(contact.id(), byDistance.lastKey()) > 0) {
      return false;
    }
    byDistance.pollLastEntry();
    byAddress.remove(farthest.address);
    return true;
  }
}
