package dev.sallyport.dht;

import dev.sallyport.dht.Candidates.Candidate;
import dev.sallyport.dht.Candidates.State;
import java.net.InetSocketAddress;
import java.util.List;
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
 * packet must not end everything. Bootstrap nodes are asked only when the others are too few, or
 * silent.
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

    Queries queries();

    Loop loop();

    /** Whether names are still being resolved, or remembered nodes read. */
    boolean moreSeedsMayCome();
  }

  private final Key target;
  private final Kind kind;
  private final Candidates candidates;
  private final Surroundings surroundings;
  private final Consumer<Holder> sink;
  private final BiConsumer<Lookup, Outcome> end;
  private boolean seedsNeeded;
  private int answered;
  private int asked;
  private int seedsAnswered;
  private boolean grace;
  private boolean done;
  private Loop.@Nullable Timer deadline;

  /**
   * @param sink gets every answer to a {@code GET}, as it comes
   * @param end called once
   */
  Lookup(
      Key target,
      Kind kind,
      Candidates candidates,
      Surroundings surroundings,
      Consumer<Holder> sink,
      BiConsumer<Lookup, Outcome> end) {
    this.target = target;
    this.kind = kind;
    this.candidates = candidates;
    this.surroundings = surroundings;
    this.sink = sink;
    this.end = end;
  }

  /** Begins with what was offered so far. */
  void start() {
    seedsNeeded = kind == Kind.ENTER || candidates.size() < CLOSEST;
    deadline = surroundings.loop().later(DEADLINE_MILLIS, this::finish);
    advance();
  }

  /** Whom it knows; call {@link #advance} after offering some. */
  Candidates candidates() {
    return candidates;
  }

  /** Whether it could do with more candidates. */
  boolean isStarving() {
    return seedsNeeded || answered == 0 || candidates.size() < CLOSEST;
  }

  /** Asks whom to ask next, or ends. */
  void advance() {
    if (done) {
      return;
    }
    List<Candidate> closest = candidates.closestAlive(CLOSEST);
    int inFlight = candidates.count(State.ASKED);
    int breadth = candidates.size() < SMALL_NETWORK ? CLOSEST : BREADTH;
    for (Candidate candidate : closest) {
      if (candidate.state == State.NEW && inFlight < breadth) {
        ask(candidate);
        inFlight++;
      }
    }
    boolean enough = closest.size() >= CLOSEST;
    if (!enough || (answered == 0 && candidates.count(State.LATE) >= BREADTH)) {
      seedsNeeded = true;
    }
    if (seedsNeeded && (answered == 0 || !enough || kind == Kind.ENTER)) {
      candidates.newSeeds().forEach(this::ask);
    }
    boolean settled = closest.stream().allMatch(c -> c.state == State.ANSWERED);
    if (settled && enough && kind != Kind.ENTER) {
      finish();
    } else if (settled && candidates.count(State.ASKED) == 0) {
      nothingOnItsWay();
    }
  }

  private void nothingOnItsWay() {
    if (kind == Kind.ENTER ? seedsAnswered > 0 : answered > 0) {
      finishSoon();
      return;
    }
    List<Candidate> late = candidates.lateOnes(MAX_TRIES);
    late.forEach(this::ask);
    if (late.isEmpty() && !surroundings.moreSeedsMayCome()) {
      finishSoon();
    }
  }

  /** Fewer than we would like answered. Each counts then, so late ones get some more time. */
  private void finishSoon() {
    if (candidates.count(State.LATE) == 0) {
      finish();
    } else if (!grace) {
      grace = true;
      surroundings.loop().later(GRACE_MILLIS, this::graceOver);
    }
  }

  private void graceOver() {
    grace = false;
    if (candidates.count(State.ASKED) == 0) {
      finish();
    }
  }

  private void ask(Candidate candidate) {
    if (candidate.tries++ == 0) {
      asked++;
    }
    candidate.state = State.ASKED;
    int attempt = candidate.tries;
    // Who does not answer to a get may still name closer nodes.
    boolean get = kind == Kind.GET && !candidate.routesOnly && attempt % 2 == 1;
    Queries queries = surroundings.queries();
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
    if (candidate.contact == null) {
      seedsAnswered++;
    }
    answered++;
    candidate.state = State.ANSWERED;
    candidates.identify(candidate, answer.from());
    if (answer.message() instanceof AbstractLookupResponse response) {
      Contact.in(response).forEach(candidates::offer);
    }
    if (answer.message() instanceof GetResponse get) {
      candidate.holder = new Holder(answer.from(), get.getToken(), MutableItem.in(get));
      sink.accept(candidate.holder);
    } else if (kind != Kind.GET) {
      candidate.holder = new Holder(answer.from(), null, null);
    } else {
      // It told its id and closer nodes, not yet what it holds.
      candidates.dismiss(candidate);
      if (!candidate.routesOnly) {
        candidates.offerAgain(answer.from());
      }
    }
  }

  /** Ends with what there is. */
  private void finish() {
    if (done) {
      return;
    }
    done = true;
    if (deadline != null) {
      deadline.cancel();
    }
    end.accept(
        this, new Outcome(candidates.closestHolders(CLOSEST), answered, asked, seedsAnswered));
  }
}
