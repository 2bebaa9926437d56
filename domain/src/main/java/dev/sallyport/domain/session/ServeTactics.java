package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Burst;
import dev.sallyport.domain.ladder.BurstPlanner;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.Strategy;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A service's part where ports have to be guessed: it does what the knock proposes, or counters
 * once, if the caller could not know how it is with our NAT.
 */
final class ServeTactics {
  /** How long those wait who come in the middle of another's birthday: most take less. */
  private static final Duration ANOTHERS_TURN = Duration.ofSeconds(2);

  /** More than anybody needs: what a knock asks for is dialled by us. */
  private static final int WIDEST_WINDOW = 256;

  private final BurstGuard guard;
  private final RandomGenerator random;
  private final int port;

  /**
   * What to do about a knock.
   *
   * @param outcome accepted, or countered with the strategy
   * @param bursts what to dial
   * @param atOnce whether the caller waits for our answer, and does nothing before
   */
  record Answer(Reply.Outcome outcome, Strategy strategy, List<Burst> bursts, boolean atOnce) {
    /** The plain one: dial the candidates, and answer when there is time. */
    static final Answer PLAIN =
        new Answer(Reply.Outcome.ACCEPTED, new Strategy.SimultaneousOpen(), List.of(), false);
  }

  /**
   * @param port the port we listen on and punch from
   */
  ServeTactics(BurstGuard guard, RandomGenerator random, int port) {
    this.guard = guard;
    this.random = random;
    this.port = port;
  }

  /** The birthday that this knock asks for or makes us ask for; null if there is none. */
  static Strategy.@Nullable Birthday birthday(Knock knock, Side own, Tactic tactic) {
    return switch (knock.strategy()) {
      case Strategy.Birthday proposed ->
          switch (tactic.kind()) {
            case OPEN, BIRTHDAY ->
                tactic.serviceIsHard() && BurstPlanner.misses(proposed, own.profile())
                    ? BurstPlanner.birthday(false, own.profile())
                    : proposed;
            case PREDICTED, IMPOSSIBLE -> null;
          };
      case Strategy.SimultaneousOpen open
          when tactic.kind() == Tactic.Kind.BIRTHDAY && tactic.serviceIsHard() ->
          BurstPlanner.birthday(false, own.profile());
      default -> null;
    };
  }

  /**
   * What comes of it: a caller may know of a hard NAT that we know nothing of.
   *
   * @param birthday the one to dial, or null
   */
  static Tactic followed(Knock knock, Tactic tactic, Strategy.@Nullable Birthday birthday) {
    if (tactic.kind() != Tactic.Kind.OPEN) {
      return tactic;
    }
    if (birthday != null) {
      boolean caller = birthday.callerIsHard();
      return new Tactic(Tactic.Kind.BIRTHDAY, caller, !caller, tactic.rule(), tactic.sure());
    }
    return knock.strategy() instanceof Strategy.Predicted
        ? new Tactic(Tactic.Kind.PREDICTED, true, false, tactic.rule(), tactic.sure())
        : tactic;
  }

  /**
   * Asks for leave to dial a birthday.
   *
   * @return null if there is none, or there is leave; otherwise when the caller may come back
   */
  @Nullable Duration busyFor(Strategy.@Nullable Birthday birthday, Knock knock, Instant now) {
    if (birthday == null) {
      return null;
    }
    BurstGuard.Wait wait = guard.ask(knock.callerKey(), BurstPlanner.dialled(side(knock)), now);
    if (wait == null) {
      return null;
    }
    return wait.taken() ? ANOTHERS_TURN : wait.longest();
  }

  /** The dials of this caller's birthday are over. */
  void done(Knock knock) {
    guard.done(knock.callerKey());
  }

  /** Whether our own next ports have to be told, so that a sample is needed first. */
  static boolean wantsSample(Tactic tactic) {
    return tactic.kind() == Tactic.Kind.PREDICTED && tactic.serviceIsHard();
  }

  /**
   * What to do.
   *
   * @param birthday the one to dial, with leave
   * @param sample where our ports stand; null if that is not needed, or nobody could say
   */
  Answer answer(
      Knock knock,
      Side own,
      Tactic tactic,
      Strategy.@Nullable Birthday birthday,
      @Nullable Endpoint sample) {
    Side caller = side(knock);
    Endpoint meeting = BurstPlanner.meetingPoint(caller);
    List<InetAddress> addresses = BurstPlanner.addresses(caller);
    if (birthday != null) {
      return dial(birthday, knock.strategy(), caller, tactic.sure());
    }
    boolean foreseen =
        knock.strategy() instanceof Strategy.Predicted p && p.window() <= WIDEST_WINDOW;
    if (wantsSample(tactic) && sample != null) {
      Strategy.Predicted ours = BurstPlanner.foresee(own.profile(), sample);
      if (foreseen && !addresses.isEmpty()) {
        return countered(
            ours,
            BurstPlanner.window(0, addresses.getFirst(), (Strategy.Predicted) knock.strategy()));
      }
      return meeting == null
          ? Answer.PLAIN
          : countered(ours, BurstPlanner.foreseen(meeting, tactic.sure()));
    }
    if (tactic.kind() == Tactic.Kind.IMPOSSIBLE) {
      return countered(new Strategy.SimultaneousOpen(), List.of());
    }
    return foreseen && !addresses.isEmpty()
        ? accepted(
            knock.strategy(),
            BurstPlanner.window(port, addresses.getFirst(), (Strategy.Predicted) knock.strategy()))
        : Answer.PLAIN;
  }

  private Answer dial(Strategy.Birthday birthday, Strategy proposed, Side caller, boolean sure) {
    Endpoint meeting = BurstPlanner.meetingPoint(caller);
    List<Burst> bursts = List.of();
    if (birthday.callerIsHard()) {
      bursts = BurstPlanner.easyBirthday(port, caller, birthday, random, sure);
    } else if (meeting != null) {
      bursts = BurstPlanner.hardBirthday(meeting, birthday, sure);
    }
    return birthday.equals(proposed) ? accepted(birthday, bursts) : countered(birthday, bursts);
  }

  private static Answer accepted(Strategy strategy, List<Burst> bursts) {
    return new Answer(Reply.Outcome.ACCEPTED, strategy, bursts, true);
  }

  private static Answer countered(Strategy strategy, List<Burst> bursts) {
    return new Answer(Reply.Outcome.COUNTERED, strategy, bursts, true);
  }

  static Side side(Knock knock) {
    return new Side(knock.candidates(), knock.profile());
  }
}
