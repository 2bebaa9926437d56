package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
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
  private final Climb climb;
  private final Set<SocketId> welcomed = new LinkedHashSet<>();
  private @Nullable Instant punchEnds;
  private @Nullable Instant replyDue;
  private @Nullable ReplyKeys replyKeys;
  private Runnable whenItRests = () -> {};

  /**
   * A call that begins to punch.
   *
   * @param plan nothing to dial, if there was no knock
   * @param punchEnds when to give up; null if there was no knock
   */
  Call(
      CallNonce nonce,
      PublicKey32 callerKey,
      Instant startedAt,
      Plan plan,
      @Nullable Instant punchEnds,
      Climb.Gear gear) {
    this.nonce = nonce;
    this.callerKey = callerKey;
    this.startedAt = startedAt;
    this.punchEnds = punchEnds;
    this.climb = new Climb(gear, startedAt);
    climb.begin(plan, startedAt);
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

  Climb climb() {
    return climb;
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

  /** The sockets that had their WELCOME and are still open. */
  Set<SocketId> welcomed() {
    return Set.copyOf(welcomed);
  }

  boolean isWelcomed(SocketId id) {
    return welcomed.contains(id);
  }

  /** Answers the HELLO on this socket with WELCOME: what still dials is aborted. */
  void welcome(SocketId id) {
    welcomed.add(id);
    replyDue = null;
    rest();
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
      climb.begin(climb.plan().withoutBursts(), now);
    }
  }

  void stopPunching() {
    punchEnds = null;
    rest();
  }

  /** What is to be told when the dials of this call end, also if they begin anew later. */
  void whenItRests(Runnable told) {
    whenItRests = told;
  }

  private void rest() {
    climb.stop();
    whenItRests.run();
  }

  /** Starts the dials that are due. */
  void poll(Instant now) {
    if (isPunching()) {
      climb.poll(now);
    }
  }

  boolean isPunchingOver(Instant now) {
    return punchEnds != null && !punchEnds.isAfter(now);
  }

  /** Tells the caller that we are alive, at that time or, if null, not any more. */
  void replyAt(ReplyKeys keys, @Nullable Instant when) {
    replyKeys = keys;
    replyDue = when;
  }

  /** Where to tell the caller more, if anybody knows; not how to try what needs both sides. */
  @Nullable ReplyKeys replyKeys() {
    return replyKeys;
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
    Instant dial = isPunching() ? climb.deadline() : null;
    return Deadlines.earlier(dial, Deadlines.earlier(punchEnds, replyDue));
  }

  /** The rung by which the caller got to us on this socket. */
  Rung rungOf(SocketId id, Endpoint remote) {
    Rung rung = climb.rungOf(id);
    if (rung != null) {
      return rung;
    }
    if (remote.scope() == AddressScope.PRIVATE || remote.scope() == AddressScope.LOOPBACK) {
      return Rung.LOCAL;
    }
    return climb.plan().dials(remote) ? Rung.EXTERNAL : Rung.DIRECT;
  }
}
