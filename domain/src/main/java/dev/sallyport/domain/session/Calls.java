package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.punch.PunchMachine;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls a service is busy with, by nonce; bounded by its owner. */
final class Calls {

  /** One call, from its knock or, without one, from its HELLO. */
  static final class Call {
    final CallNonce nonce;
    final PublicKey32 callerKey;
    final Instant startedAt;
    final Plan plan;
    final PunchMachine punch;
    final @Nullable ReplyKeys replyKeys;

    /** When to give up punching, or null once it is over. */
    @Nullable Instant punchEnds;

    /** When to tell the caller that we are alive, or null if that is done or not needed. */
    @Nullable Instant replyDue;

    /** The socket that WELCOME was sent on. */
    @Nullable SocketId nominated;

    Call(
        CallNonce nonce,
        PublicKey32 callerKey,
        Instant startedAt,
        Plan plan,
        PunchMachine punch,
        @Nullable ReplyKeys replyKeys) {
      this.nonce = nonce;
      this.callerKey = callerKey;
      this.startedAt = startedAt;
      this.plan = plan;
      this.punch = punch;
      this.replyKeys = replyKeys;
    }

    List<Endpoint> remotes() {
      return plan.rungs().stream()
          .flatMap(r -> r.dials().stream())
          .map(d -> d.remote())
          .distinct()
          .toList();
    }

    boolean isPunching() {
      return punchEnds != null;
    }
  }

  private final Map<CallNonce, Call> byNonce = new LinkedHashMap<>();

  void add(Call call) {
    byNonce.put(call.nonce, call);
  }

  @Nullable Call get(CallNonce nonce) {
    return byNonce.get(nonce);
  }

  void remove(Call call) {
    byNonce.remove(call.nonce);
  }

  Collection<Call> all() {
    return List.copyOf(byNonce.values());
  }

  int size() {
    return byNonce.size();
  }

  long punching() {
    return byNonce.values().stream().filter(Call::isPunching).count();
  }

  /** The call whose punching made this socket, or null. */
  @Nullable Call ofDialed(SocketId id) {
    for (Call call : byNonce.values()) {
      if (call.punch.rungOf(id) != null) {
        return call;
      }
    }
    return null;
  }

  @Nullable Call ofNominated(SocketId id) {
    for (Call call : byNonce.values()) {
      if (id.equals(call.nominated)) {
        return call;
      }
    }
    return null;
  }

  /** The earliest thing any call waits for, or null. */
  @Nullable Instant deadline() {
    Instant next = null;
    for (Call call : byNonce.values()) {
      if (call.isPunching()) {
        next = earlier(next, call.punch.deadline());
      }
      next = earlier(earlier(next, call.punchEnds), call.replyDue);
    }
    return next;
  }

  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }
}
