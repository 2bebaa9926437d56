package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.PunchEffect;
import dev.sallyport.domain.punch.PunchMachine;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One call at a service, from its knock or, without one, from its HELLO.
 *
 * <p>It punches until a HELLO is answered with WELCOME, and rests while such a socket is there. A
 * caller says HELLO on one socket at a time and closes it before the next, so each HELLO is
 * answered, and no socket that was is closed from here: only the caller knows which WELCOME came.
 * If all of them are lost without a goodbye, the punching goes on until its time is over.
 */
final class Call {
  /** The most sockets of one call that have their WELCOME and are still open. */
  static final int MAX_WELCOMED = 4;

  private final CallNonce nonce;
  private final PublicKey32 callerKey;
  private final Instant startedAt;
  private final Plan plan;
  private final BiFunction<Plan, Instant, PunchMachine> punching;
  private final Set<SocketId> welcomed = new LinkedHashSet<>();
  private PunchMachine punch;
  private int earlierAttempts;
  private @Nullable Instant punchEnds;
  private @Nullable Instant replyDue;
  private @Nullable ReplyKeys replyKeys;

  /**
   * A call that punches.
   *
   * @param punching starts a plan from its foot
   * @param punchEnds when to give up
   */
  Call(
      CallNonce nonce,
      PublicKey32 callerKey,
      Instant startedAt,
      Plan plan,
      BiFunction<Plan, Instant, PunchMachine> punching,
      @Nullable Instant punchEnds) {
    this.nonce = nonce;
    this.callerKey = callerKey;
    this.startedAt = startedAt;
    this.plan = plan;
    this.punching = punching;
    this.punchEnds = punchEnds;
    this.punch = punching.apply(plan, startedAt);
  }

  CallNonce nonce() {
    return nonce;
  }

  PublicKey32 callerKey() {
    return callerKey;
  }

  Instant startedAt() {
    return startedAt;
  }

  Plan plan() {
    return plan;
  }

  PunchMachine punch() {
    return punch;
  }

  /** How many connects were started in all. */
  int attempts() {
    return earlierAttempts + punch.attempts();
  }

  /** Whether dials may leave now. */
  boolean isPunching() {
    return punchEnds != null && welcomed.isEmpty();
  }

  /** Whether there is nothing left to wait for. */
  boolean isOver() {
    return punchEnds == null && welcomed.isEmpty();
  }

  boolean mayWelcome(PublicKey32 caller) {
    return callerKey.equals(caller) && welcomed.size() < MAX_WELCOMED;
  }

  boolean isWelcomed(SocketId id) {
    return welcomed.contains(id);
  }

  /** Answers the HELLO on this socket with WELCOME; gives the aborts of what still dials. */
  List<PunchEffect> welcome(SocketId id) {
    welcomed.add(id);
    replyDue = null;
    return punch.stop();
  }

  /**
   * A socket that had its WELCOME is gone. Without a goodbye the caller may never have got it:
   * then, if it was the last one and there is time, the ladder is climbed anew.
   */
  void lost(SocketId id, boolean clean, Instant now) {
    welcomed.remove(id);
    if (clean) {
      punchEnds = null;
    } else if (isPunching()) {
      earlierAttempts += punch.attempts();
      punch = punching.apply(plan, now);
    }
  }

  /** Stops punching if its time is over, or anyhow; gives the aborts. */
  List<PunchEffect> stopPunching() {
    punchEnds = null;
    return punch.stop();
  }

  boolean isPunchingOver(Instant now) {
    return punchEnds != null && !punchEnds.isAfter(now);
  }

  /** Tells the caller that we are alive, at that time or, if null, not any more. */
  void replyAt(ReplyKeys keys, @Nullable Instant when) {
    replyKeys = keys;
    replyDue = when;
  }

  /** Where the reply that is due goes to, once; null if none is due. */
  @Nullable ReplyKeys takeReplyDue(Instant now) {
    if (replyDue == null || replyDue.isAfter(now)) {
      return null;
    }
    replyDue = null;
    return replyKeys;
  }

  /** The earliest thing it waits for, or null. */
  @Nullable Instant deadline() {
    Instant dial = isPunching() ? punch.deadline() : null;
    return Deadlines.earlier(dial, Deadlines.earlier(punchEnds, replyDue));
  }

  /** The rung by which the caller got to us on this socket. */
  Rung rungOf(SocketId id, Endpoint remote) {
    Rung rung = punch.rungOf(id);
    if (rung != null) {
      return rung;
    }
    if (remote.scope() == AddressScope.PRIVATE || remote.scope() == AddressScope.LOOPBACK) {
      return Rung.LOCAL;
    }
    return plan.dials(remote) ? Rung.EXTERNAL : Rung.DIRECT;
  }
}
