package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.ladder.LadderPlanner;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.punch.TokenBucket;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.ReplayCache;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Where a service opens its knocks, has the fresh ones answered by a climb, and replies. */
final class KnockDesk {
  private static final Duration CALL_BUDGET = Duration.ofSeconds(15);
  private static final Duration REPLY_AFTER = Duration.ofSeconds(1);
  private static final Duration REPLY_LIFETIME = Duration.ofMinutes(2);
  private static final Duration BUSY_RETRY = Duration.ofSeconds(3);

  /** So long nobody is asked again where we are. */
  private static final Duration CONFIRMED = Duration.ofSeconds(2);

  private static final int NONCE_LENGTH = 12;
  private static final int MOST_SAMPLES = 3;

  private final ServeSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Surroundings surroundings;
  private final RecordKeeper keeper;
  private final Doorkeeper door;
  private final Consumer<ServeEffect> effects;
  private final ServeTactics tactics;
  private final ReplayCache replays = new ReplayCache();
  private final List<Unsampled> unsampled = new ArrayList<>();
  private final List<Unconfirmed> unconfirmed = new ArrayList<>();
  private final TokenBucket complaints = new TokenBucket(1.0 / 60, 3);
  private final TokenBucket refusals = new TokenBucket(1, 8);
  private final TokenBucket moves = new TokenBucket(1, 4);
  private int unsaid;
  private int vainSamples;
  private boolean confirming;
  private Instant confirmedAt = Instant.MIN;

  /** What callers were told last. */
  private List<Candidate> said = List.of();

  /** A knock whose answer has to say where our NAT's ports stand. */
  private record Unsampled(Knock knock, ReplyKeys replyTo, Tactic tactic) {}

  /** A knock whose caller will dial many times to where our answer says we are. */
  private record Unconfirmed(Knock knock, ReplyKeys replyTo, boolean mayBirthday) {}

  KnockDesk(
      ServeSettings settings,
      Sealer sealer,
      RandomGenerator random,
      Surroundings surroundings,
      RecordKeeper keeper,
      Doorkeeper door,
      Consumer<ServeEffect> effects) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.surroundings = surroundings;
    this.keeper = keeper;
    this.door = door;
    this.effects = effects;
    this.tactics = new ServeTactics(settings.guard(), random, settings.port());
  }

  /** Takes what lay in the mailbox; whether it is a knock that we follow. */
  boolean take(SealedItem item, Instant now) {
    Knock.Opened opened;
    try {
      opened = Knock.open(item, settings.id(), settings.knockPrivate(), sealer, now);
    } catch (MalformedException e) {
      ignored(String.valueOf(e.getMessage()), now);
      return false;
    }
    Knock knock = opened.knock();
    if (door.knows(knock.nonce())) {
      return false; // seen before, or a HELLO of this call was faster
    }
    if (!door.allows(knock.callerKey())) {
      refuse(knock, opened.keys(), now);
      return false;
    }
    if (door.isBusy(knock.callerKey())) {
      // Before it counts as seen: left once more it may find us with time.
      reply(opened.keys(), Reply.busy(knock.nonce(), BUSY_RETRY, now), now);
      return false;
    }
    Side own = surroundings.side();
    Plan plan = plan(knock, own);
    Tactic tactic = CallTactics.of(ServeTactics.side(knock), own, plan.sameNetwork());
    Strategy.Birthday birthday =
        plan.sameNetwork() ? null : ServeTactics.birthday(knock, own, tactic);
    Duration busy = tactics.busyFor(birthday, knock, now);
    if (busy != null) {
      reply(opened.keys(), Reply.busy(knock.nonce(), busy, now), now);
      return false;
    }
    if (!replays.firstSeen(knock, now)) {
      return false;
    }
    report(new Progress.KnockReceived(knock.callerKey(), knock.candidates()));
    Tactic followed = plan.sameNetwork() ? tactic : ServeTactics.followed(knock, tactic, birthday);
    if (followed.kind() != Tactic.Kind.OPEN) {
      report(new Progress.Tried(followed, knock.callerKey()));
    }
    if (ServeTactics.wantsSample(tactic)) {
      if (unsampled.isEmpty()) {
        effects.accept(new ServeEffect.Sample());
      }
      unsampled.add(new Unsampled(knock, opened.keys(), tactic));
      door.knocked(knock.nonce(), knock.callerKey(), plan, now.plus(CALL_BUDGET), now);
      return true;
    }
    confirm(now);
    if (confirming && (birthday != null || tactic.callerIsHard())) {
      unconfirmed.add(new Unconfirmed(knock, opened.keys(), birthday != null));
      door.knocked(knock.nonce(), knock.callerKey(), plan, now.plus(CALL_BUDGET), now);
    } else {
      follow(knock, plan, tactics.answer(knock, own, tactic, birthday, null), opened.keys(), now);
    }
    if (birthday != null) {
      calledBack(knock);
    }
    return true;
  }

  /**
   * Has others look whether we still are where the record says: a mapping of ours can have ended
   * since anybody looked. Not while a sample tells where our ports stand: to look moves them on.
   */
  private void confirm(Instant now) {
    if (!confirming && !now.isBefore(confirmedAt.plus(CONFIRMED))) {
      confirming = true;
      effects.accept(new ServeEffect.Confirm());
    }
  }

  /** It is known where we are, as far as anybody could say. */
  void confirmed(Instant now) {
    confirming = false;
    confirmedAt = now;
    List<Unconfirmed> waiting = List.copyOf(unconfirmed);
    unconfirmed.clear();
    Side own = surroundings.side();
    for (Unconfirmed one : waiting) {
      Call call = door.call(one.knock.nonce());
      if (call != null && call.isPunching()) {
        Tactic tactic = CallTactics.of(ServeTactics.side(one.knock), own, false);
        Strategy.Birthday birthday =
            one.mayBirthday ? ServeTactics.birthday(one.knock, own, tactic) : null;
        ServeTactics.Answer answer = tactics.answer(one.knock, own, tactic, birthday, null);
        call.climb().dial(answer.bursts(), now);
        accept(one.knock.nonce(), answer, own, one.replyTo, now);
      }
    }
  }

  /** We may be somewhere else: callers who are under way to where we were learn of it. */
  void moved(Instant now) {
    Side own = surroundings.side();
    if (said.equals(own.candidates()) || !moves.take(now)) {
      return; // strangers can have a hand in it: the record says the rest
    }
    said = own.candidates();
    for (Call call : door.calls()) {
      ReplyKeys replyTo = call.replyKeys();
      if (call.isPunching() && replyTo != null) {
        call.replyAt(replyTo, null);
        accept(call.nonce(), ServeTactics.Answer.PLAIN, own, replyTo, now);
      }
    }
  }

  private void calledBack(Knock knock) {
    Call call = door.call(knock.nonce());
    if (call != null) {
      call.whenItRests(() -> tactics.done(knock));
    }
  }

  /** Where our ports stand, as far as anybody could say. */
  void sampled(@Nullable Endpoint seen, Instant now) {
    if (seen == null && !unsampled.isEmpty() && ++vainSamples < MOST_SAMPLES) {
      effects.accept(new ServeEffect.Sample()); // its SYN may have been lost
      return;
    }
    vainSamples = 0;
    List<Unsampled> waiting = List.copyOf(unsampled);
    unsampled.clear();
    Side own = CallTactics.withSample(surroundings.side(), seen);
    for (Unsampled one : waiting) {
      Call call = door.call(one.knock.nonce());
      if (call != null && call.isPunching()) {
        ServeTactics.Answer answer = tactics.answer(one.knock, own, one.tactic, null, seen);
        call.climb().dial(answer.bursts(), now);
        accept(one.knock.nonce(), answer, own, one.replyTo, now);
      }
    }
  }

  /** Who writes rubbish into the mailbox has the id; he shall not fill our user's screen too. */
  private void ignored(String why, Instant now) {
    if (!complaints.take(now)) {
      unsaid++;
      return;
    }
    String more = unsaid == 0 ? "" : ", and " + unsaid + " before it";
    unsaid = 0;
    report(new Progress.Trouble("a knock was not valid and is ignored" + more + ": " + why));
  }

  /** Not remembered: only knocks that we follow may take room there. */
  private void refuse(Knock knock, ReplyKeys replyTo, Instant now) {
    if (refusals.take(now)) {
      report(new Progress.KnockRefused(knock.callerKey()));
      reply(replyTo, Reply.refused(knock.nonce(), now), now);
    }
  }

  /** Sends the replies that are due. */
  void tick(Instant now) {
    for (Call call : door.calls()) {
      ReplyKeys replyTo = call.takeReplyDue(now);
      if (replyTo != null) {
        accept(call.nonce(), ServeTactics.Answer.PLAIN, surroundings.side(), replyTo, now);
      }
    }
  }

  private Plan plan(Knock knock, Side own) {
    return LadderPlanner.plan(
        Role.SERVICE, own, List.of(settings.port()), ServeTactics.side(knock), settings.ladder());
  }

  private void follow(
      Knock knock, Plan plan, ServeTactics.Answer answer, ReplyKeys replyTo, Instant now) {
    Plan whole = plan.with(answer.bursts());
    Call call = door.knocked(knock.nonce(), knock.callerKey(), whole, now.plus(CALL_BUDGET), now);
    if (!answer.atOnce() && knock.recordIssuedAt().equals(keeper.latestIssuedAt())) {
      call.replyAt(replyTo, now.plus(REPLY_AFTER));
    } else {
      if (!answer.atOnce()) {
        call.replyAt(replyTo, null);
      }
      accept(knock.nonce(), answer, surroundings.side(), replyTo, now);
    }
  }

  /** Tells a caller that we are here, and where. */
  private void accept(
      CallNonce nonce, ServeTactics.Answer answer, Side own, ReplyKeys keys, Instant now) {
    Reply accepted =
        new Reply(
            nonce,
            answer.outcome(),
            answer.strategy(),
            own.candidates(),
            own.profile(),
            Duration.ZERO,
            now);
    reply(keys, accepted, now);
  }

  private void reply(ReplyKeys keys, Reply reply, Instant now) {
    byte[] nonce = RandomBytes.of(random, NONCE_LENGTH);
    effects.accept(
        new ServeEffect.Reply(
            keys.mailbox(), reply.seal(keys, nonce, sealer), now.plus(REPLY_LIFETIME)));
  }

  private void report(Progress progress) {
    effects.accept(new ServeEffect.Report(progress));
  }
}
