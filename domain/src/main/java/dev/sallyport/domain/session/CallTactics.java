package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Burst;
import dev.sallyport.domain.ladder.BurstPlanner;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.Strategy;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A caller's part where ports have to be guessed: what it proposes in its knock, and which bursts
 * it dials when. One knock's tactic at a time.
 */
final class CallTactics {
  /** Whoever changes his mind more often than that does not know it. */
  private static final int MOST_CHANGES = 4;

  private final BurstGuard guard;
  private final RandomGenerator random;
  private final boolean climbsExternal;
  private Tactic tactic = Tactic.PLAIN;
  private Tactic told = Tactic.PLAIN;
  private int begun;
  private Strategy proposed = new Strategy.SimultaneousOpen();
  private Strategy.@Nullable Predicted theirs;
  private @Nullable Side theirSide;
  private boolean started;

  /** Where a service with an easy NAT is met, as was known when all of it was planned. */
  private @Nullable Endpoint aim;

  /**
   * @param ladder without the rung {@code external} no port is guessed
   */
  CallTactics(BurstGuard guard, RandomGenerator random, LadderPolicy ladder) {
    this.guard = guard;
    this.random = random;
    this.climbsExternal = ladder.order().contains(Rung.EXTERNAL);
  }

  /** Begins anew with what is known of both sides. */
  void begin(Side own, Side peer, boolean sameNetwork) {
    done();
    begun++;
    tactic = now(own, peer, sameNetwork);
    proposed = new Strategy.SimultaneousOpen();
    theirs = null;
    theirSide = null;
    started = false;
    aim = BurstPlanner.meetingPoint(peer);
  }

  /** What can be tried by what is known now. */
  Tactic now(Side own, Side peer, boolean sameNetwork) {
    return climbsExternal ? of(own, peer, sameNetwork) : Tactic.PLAIN;
  }

  static Tactic of(Side own, Side peer, boolean sameNetwork) {
    return sameNetwork ? Tactic.PLAIN : StrategyRules.choose(own.profile(), peer.profile());
  }

  Tactic tactic() {
    return tactic;
  }

  /** The climb begins at its foot: how often the tactic has changed does not count. */
  void forget() {
    begun = 0;
  }

  /** Whether what is known now leads to another one, however sure we are of it. */
  boolean isOutdated(Side own, Side peer, boolean sameNetwork) {
    return begun <= MOST_CHANGES && !now(own, peer, sameNetwork).isLike(tactic);
  }

  /**
   * Whether many dials go where nobody is: the service has moved since, or what we said of our own
   * ports was a guess, and wrong.
   */
  boolean misses(Side own, Side peer) {
    if (begun > MOST_CHANGES) {
      return false;
    }
    if (tactic.callerIsHard() && BurstPlanner.isMistaken(proposed, own.profile())) {
      return true;
    }
    if (tactic.serviceIsHard()) {
      return proposed instanceof Strategy.Birthday birthday
          && BurstPlanner.misses(birthday, peer.profile());
    }
    Endpoint easy = BurstPlanner.meetingPoint(peer);
    return tactic.callerIsHard() && easy != null && !easy.equals(aim);
  }

  /** Whether it is another one than the user was told of last; he is told now. */
  boolean isNews(Tactic other) {
    boolean news = !other.isLike(told);
    told = other;
    return news;
  }

  /** Whether the knock has to say where our NAT's ports stand just now. */
  boolean wantsSample() {
    return tactic.kind() == Tactic.Kind.PREDICTED && tactic.callerIsHard();
  }

  /**
   * Asks for leave to dial many ports, where that is the plan.
   *
   * @return null if there is nothing to wait for
   */
  BurstGuard.@Nullable Wait ask(Side peer, Instant now) {
    return tactic.kind() == Tactic.Kind.BIRTHDAY ? askFor(peer, now) : null;
  }

  private BurstGuard.@Nullable Wait askFor(Side peer, Instant now) {
    return guard.ask(this, BurstPlanner.dialled(peer), now);
  }

  /** Others may dial theirs now. */
  void done() {
    guard.done(this);
  }

  /** What the knock proposes. By now we may be surer of the tactic than when it was chosen. */
  Strategy propose(Side own, Side peer, @Nullable Endpoint sample) {
    Tactic latest = StrategyRules.choose(own.profile(), peer.profile());
    if (latest.isLike(tactic)) {
      tactic = latest;
    }
    if (wantsSample() && sample != null) {
      proposed = BurstPlanner.foresee(own.profile(), sample);
    } else if (tactic.kind() == Tactic.Kind.BIRTHDAY) {
      proposed =
          BurstPlanner.birthday(
              tactic.callerIsHard(), (tactic.callerIsHard() ? own : peer).profile());
    }
    return proposed;
  }

  /** Our candidates, with where our ports stand before what has been seen of them earlier. */
  static Side withSample(Side side, @Nullable Endpoint sample) {
    if (sample == null) {
      return side;
    }
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(new Candidate(CandidateKind.REFLEXIVE, sample));
    side.candidates().stream()
        .filter(c -> c.kind() != CandidateKind.REFLEXIVE || !c.endpoint().sameAddress(sample))
        .limit(Candidate.MAX_COUNT - 1)
        .forEach(candidates::add);
    return new Side(candidates, side.profile());
  }

  /** What to dial as soon as the knock is on its way. */
  List<Burst> atKnock(Side peer) {
    Endpoint easy = BurstPlanner.meetingPoint(peer);
    return proposed instanceof Strategy.Predicted && !tactic.serviceIsHard() && easy != null
        ? BurstPlanner.foreseen(easy, tactic.sure())
        : List.of();
  }

  /** Whether {@link #now} has something to dial, once. */
  boolean waitsForService() {
    return !started && proposed instanceof Strategy.Birthday;
  }

  /** What to dial once the service has probably got the knock. */
  List<Burst> now(int meetingPort, Side peer, Instant now) {
    return waitsForService() && proposed instanceof Strategy.Birthday birthday
        ? dial(birthday, meetingPort, peer, tactic.sure(), now)
        : List.of();
  }

  /**
   * What to dial by what the service answers.
   *
   * @param said what our knock said of us: the service begins a birthday later if that was a guess,
   *     and so do we, or our SYNs come before there are holes for them
   * @return null if a sample is needed first; see {@link #mirrored}
   */
  @Nullable List<Burst> answered(Reply reply, int meetingPort, Side said, Side peer, Instant now) {
    if (started || !climbsExternal) {
      return List.of();
    }
    boolean sure = StrategyRules.choose(said.profile(), peer.profile()).sure();
    return switch (reply.strategy()) {
      case Strategy.Predicted ports when reply.outcome() == Reply.Outcome.COUNTERED ->
          foreseen(ports, meetingPort, peer);
      case Strategy.Birthday birthday -> dial(birthday, meetingPort, peer, sure, now);
      default -> {
        started |= reply.outcome() == Reply.Outcome.COUNTERED; // it knows better
        yield List.of();
      }
    };
  }

  /** Whether {@link #answered} wanted a sample that has not come. */
  boolean waitsForSample() {
    return theirs != null;
  }

  /** What to dial after the sample that {@link #answered} wanted. */
  List<Burst> mirrored(@Nullable Endpoint sample) {
    Strategy.Predicted ports = theirs;
    List<InetAddress> addresses = theirSide == null ? List.of() : BurstPlanner.addresses(theirSide);
    if (sample == null
        || ports == null
        || addresses.isEmpty()
        || !(proposed instanceof Strategy.Predicted said)) {
      return List.of();
    }
    theirs = null;
    return BurstPlanner.mirrored(addresses.getFirst(), ports, said, sample);
  }

  private @Nullable List<Burst> foreseen(Strategy.Predicted ports, int meetingPort, Side peer) {
    List<InetAddress> addresses = BurstPlanner.addresses(peer);
    if (addresses.isEmpty()) {
      return List.of();
    }
    started = true;
    if (proposed instanceof Strategy.Predicted) {
      theirs = ports;
      theirSide = peer;
      return null;
    }
    return BurstPlanner.window(meetingPort, addresses.getFirst(), ports);
  }

  /** A service may propose a birthday that we have not asked leave for. */
  private List<Burst> dial(
      Strategy.Birthday birthday, int meetingPort, Side peer, boolean sure, Instant now) {
    if (askFor(peer, now) != null) {
      return List.of();
    }
    Endpoint easy = BurstPlanner.meetingPoint(peer);
    List<Burst> bursts;
    if (birthday.callerIsHard()) {
      bursts = easy == null ? List.of() : BurstPlanner.hardBirthday(easy, birthday, sure);
      aim = easy;
    } else {
      bursts = BurstPlanner.easyBirthday(meetingPort, peer, birthday, random, sure);
    }
    started |= !bursts.isEmpty();
    return bursts;
  }
}
