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
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.AbstractLookupResponse;
import lbms.plugins.mldht.kad.messages.GetResponse;
import lbms.plugins.mldht.kad.messages.MessageBase;
import org.jspecify.annotations.Nullable;

/**
 * Finds the nodes closest to a target (Maymounkov and Mazieres 2002, section 2.3): asks the closest
 * ones known for closer ones, until the {@link #CLOSEST} closest that live have answered.
 *
 * <p>A node that is late blocks nothing: the lookup goes on with others, and takes its answer if it
 * comes before the end. Nothing is asked twice, unless nobody at all has answered: then a lost
 * packet must not end everything.
 *
 * <p>Threading: confined to the loop.
 */
final class Lookup {
  /** Kademlia's k: on how many nodes an item is stored. */
  static final int CLOSEST = 8;

  /** Kademlia's alpha: how many queries are on their way at once in a large network. */
  private static final int BREADTH = 4;

  /** With fewer candidates than that all of the closest are asked at once: it costs nothing. */
  private static final int SMALL_NETWORK = 32;

  private static final int MAX_SEEDS_ASKED = 8;
  private static final int MAX_CANDIDATES = 160;
  private static final int MAX_TRIES = 5;
  private static final int DEADLINE_MILLIS = 5000;
  private static final int GRACE_MILLIS = 300;

  /** What the nodes are asked. */
  enum Kind {
    /** Closer nodes only, as every node can. */
    FIND_NODE,
    /** Closer nodes, and a BEP 44 item. */
    GET,
    /** As {@code FIND_NODE}, and no bootstrap node is left out, however many others are known. */
    ENTER
  }

  /**
   * How it ended.
   *
   * @param closest the closest that answered, the closest first, at most {@link #CLOSEST}
   * @param answered how many answered
   * @param asked how many were asked
   * @param seedsAnswered how many bootstrap nodes answered
   */
  record Outcome(List<Holder> closest, int answered, int asked, int seedsAnswered) {
    static final Outcome NOTHING = new Outcome(List.of(), 0, 0, 0);
  }

  /** What a lookup needs of its node. */
  interface Surroundings {
    void ask(MessageBase query, InetSocketAddress to, Consumer<Reply> sink);

    CandidatePolicy policy();

    /** Whether names are still being resolved, or remembered nodes read. */
    boolean moreSeedsMayCome();
  }

  private enum State {
    NEW,
    ASKED,
    LATE,
    ANSWERED,
    FAILED
  }

  private static final class Candidate {
    final InetSocketAddress address;
    @Nullable Contact contact;
    @Nullable Holder holder;
    State state = State.NEW;
    int tries;

    /** Whether it refuses to be asked for items: public routers may. */
    boolean routesOnly;

    Candidate(InetSocketAddress address, @Nullable Contact contact) {
      this.address = address;
      this.contact = contact;
    }
  }

  private final Key target;
  private final Kind kind;
  private final Key self;
  private final Queries queries;
  private final Surroundings surroundings;
  private final Loop loop;
  private final Consumer<Holder> sink;
  private final BiConsumer<Lookup, Outcome> end;

  private final Map<InetSocketAddress, Candidate> byAddress = new HashMap<>();
  private final TreeMap<Key, Candidate> byDistance;
  private final List<Candidate> seeds = new ArrayList<>();
  private final Set<InetAddress> hosts = new HashSet<>();
  private int answered;
  private int asked;
  private int seedsAnswered;
  private boolean grace;
  private boolean done;
  private Loop.@Nullable Timer deadline;

  /**
   * @param self our own id, which is not asked
   * @param sink gets every answer to a {@code GET}, as it comes
   * @param end called once
   */
  Lookup(
      Key target,
      Kind kind,
      Key self,
      Queries queries,
      Surroundings surroundings,
      Loop loop,
      Consumer<Holder> sink,
      BiConsumer<Lookup, Outcome> end) {
    this.target = target;
    this.kind = kind;
    this.self = self;
    this.queries = queries;
    this.surroundings = surroundings;
    this.loop = loop;
    this.sink = sink;
    this.end = end;
    byDistance = new TreeMap<>(new Key.DistanceOrder(target));
  }

  /** Begins with what was offered so far. */
  void start() {
    deadline = loop.later(DEADLINE_MILLIS, this::finish);
    advance();
  }

  /** A node to consider. */
  void offer(Contact contact) {
    if (done
        || contact.id().equals(self)
        || !surroundings.policy().allows(contact.address())
        || byAddress.containsKey(contact.address())
        || byDistance.containsKey(contact.id())) {
      return;
    }
    if (surroundings.policy() == CandidatePolicy.PUBLIC
        && !hosts.add(contact.address().getAddress())) {
      return;
    }
    if (byDistance.size() >= MAX_CANDIDATES) {
      Candidate farthest = byDistance.lastEntry().getValue();
      if (farthest.state != State.NEW
          || target.threeWayDistance(contact.id(), byDistance.lastKey()) > 0) {
        return;
      }
      byDistance.pollLastEntry();
      byAddress.remove(farthest.address);
    }
    Candidate candidate = new Candidate(contact.address(), contact);
    byAddress.put(contact.address(), candidate);
    byDistance.put(contact.id(), candidate);
  }

  /** The address of a node whose id is not known: a bootstrap node. */
  void offerSeed(InetSocketAddress address) {
    if (!done && !byAddress.containsKey(address) && surroundings.policy().allows(address)) {
      Candidate candidate = new Candidate(address, null);
      byAddress.put(address, candidate);
      seeds.add(candidate);
    }
  }

  /** Whether it could do with more candidates. */
  boolean isStarving() {
    return !done && (kind == Kind.ENTER || byDistance.size() < CLOSEST);
  }

  /** Asks whom to ask next, or ends. Call after offering. */
  void advance() {
    if (done) {
      return;
    }
    List<Candidate> closest = closestAlive();
    int inFlight = count(State.ASKED);
    int breadth = byDistance.size() < SMALL_NETWORK ? CLOSEST : BREADTH;
    for (Candidate candidate : closest) {
      if (candidate.state == State.NEW && inFlight < breadth) {
        ask(candidate);
        inFlight++;
      }
    }
    boolean enough = closest.size() >= CLOSEST;
    if (answered == 0 || !enough || kind == Kind.ENTER) {
      seeds.stream()
          .filter(seed -> seed.state == State.NEW)
          .limit(MAX_SEEDS_ASKED)
          .forEach(this::ask);
    }
    boolean settled = closest.stream().allMatch(c -> c.state == State.ANSWERED);
    if (settled && enough && kind != Kind.ENTER) {
      finish();
    } else if (settled && count(State.ASKED) == 0) {
      nothingOnItsWay();
    }
  }

  private void nothingOnItsWay() {
    if (kind == Kind.ENTER ? seedsAnswered > 0 : answered > 0) {
      finishSoon();
      return;
    }
    List<Candidate> late =
        byAddress.values().stream()
            .filter(c -> c.state == State.LATE && c.tries < MAX_TRIES)
            .toList();
    late.forEach(this::ask);
    if (late.isEmpty() && !surroundings.moreSeedsMayCome()) {
      finishSoon();
    }
  }

  /** Fewer than we would like answered. Each counts then, so late ones get some more time. */
  private void finishSoon() {
    if (count(State.LATE) == 0) {
      finish();
    } else if (!grace) {
      grace = true;
      loop.later(
          GRACE_MILLIS,
          () -> {
            if (count(State.ASKED) == 0) {
              finish();
            } else {
              grace = false;
            }
          });
    }
  }

  /** The closest ones that answered or still may in time, at most {@link #CLOSEST}. */
  private List<Candidate> closestAlive() {
    return byDistance.values().stream()
        .filter(c -> c.state != State.FAILED && c.state != State.LATE)
        .limit(CLOSEST)
        .toList();
  }

  private int count(State state) {
    int count = 0;
    for (Candidate candidate : byAddress.values()) {
      if (candidate.state == state) {
        count++;
      }
    }
    return count;
  }

  private void ask(Candidate candidate) {
    if (candidate.tries++ == 0) {
      asked++;
    }
    candidate.state = State.ASKED;
    int attempt = candidate.tries;
    // Who does not answer to a get may still name closer nodes.
    boolean get = kind == Kind.GET && !candidate.routesOnly && attempt % 2 == 1;
    MessageBase query = get ? queries.get(target, -1) : queries.findNode(target);
    surroundings.ask(query, candidate.address, reply -> replied(candidate, attempt, reply));
  }

  private void replied(Candidate candidate, int attempt, Reply reply) {
    if (done || candidate.state == State.ANSWERED) {
      return;
    }
    switch (reply) {
      case Reply.Answer answer -> answered(candidate, answer);
      case Reply.Refusal refusal -> refused(candidate);
      case Reply.Late late -> {
        if (attempt == candidate.tries) {
          candidate.state = State.LATE;
        }
      }
      case Reply.Silence silence -> {
        if (attempt == candidate.tries) {
          candidate.state = State.FAILED;
        }
      }
    }
    advance();
  }

  private void refused(Candidate candidate) {
    if (kind == Kind.GET && !candidate.routesOnly) {
      candidate.routesOnly = true;
      ask(candidate);
    } else {
      candidate.state = State.FAILED;
    }
  }

  private void answered(Candidate candidate, Reply.Answer answer) {
    Contact claimed = candidate.contact;
    if (claimed != null && !claimed.id().equals(answer.from().id())) {
      // Somebody named this address with an id it does not have.
      byDistance.remove(claimed.id());
      claimed = null;
    }
    if (candidate.contact == null) {
      seedsAnswered++;
    }
    candidate.state = State.ANSWERED;
    candidate.contact = answer.from();
    answered++;
    if (claimed == null) {
      byDistance.putIfAbsent(answer.from().id(), candidate);
    }
    if (answer.message() instanceof AbstractLookupResponse response) {
      Contact.in(response).forEach(this::offer);
    }
    if (answer.message() instanceof GetResponse get) {
      candidate.holder = new Holder(answer.from(), get.getToken(), MutableItem.in(get));
      sink.accept(candidate.holder);
    } else if (kind != Kind.GET) {
      candidate.holder = new Holder(answer.from(), null, null);
    } else {
      // It told its id and closer nodes, not yet what it holds.
      byDistance.remove(answer.from().id());
      if (!candidate.routesOnly) {
        byAddress.remove(candidate.address);
        offer(answer.from());
      }
    }
  }

  /** Ends with what there is. */
  void finish() {
    if (done) {
      return;
    }
    done = true;
    if (deadline != null) {
      deadline.cancel();
    }
    List<Holder> closest = new ArrayList<>();
    for (Candidate candidate : byDistance.values()) {
      Holder holder = candidate.holder;
      if (holder != null && closest.size() < CLOSEST) {
        closest.add(holder);
      }
    }
    end.accept(this, new Outcome(List.copyOf(closest), answered, asked, seedsAnswered));
  }
}
