package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A service's calls and connections: what is up, what is being secured, who is welcome on which
 * socket. Everything that strangers can make grow is bounded here.
 */
final class Doorkeeper {
  private static final Duration SECURE_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration STRANGERS_TIMEOUT = Duration.ofSeconds(6);
  private static final int MAX_PUNCHING = 64;
  private static final int MAX_CALLS = 256;
  private static final int MAX_CALLS_OF_ONE = 64;

  private final Climb.Gear gear;
  private final Supplier<List<DayKeys>> days;
  private final Consumer<ServeEffect> effects;
  private final Calls calls = new Calls();
  private final SecureQueue secureQueue = new SecureQueue();
  private AllowList allowed;
  private int turn;

  /** Every socket that is up, links included. */
  private final Map<SocketId, Ends> up = new LinkedHashMap<>();

  /**
   * @param days the keys of the days that are served now
   */
  Doorkeeper(
      Climb.Gear gear,
      Supplier<List<DayKeys>> days,
      AllowList allowed,
      Consumer<ServeEffect> effects) {
    this.gear = gear;
    this.days = days;
    this.allowed = allowed;
    this.effects = effects;
  }

  boolean knows(CallNonce nonce) {
    return calls.get(nonce) != null;
  }

  /** The call with this nonce; null if it is over. */
  @Nullable Call call(CallNonce nonce) {
    return calls.get(nonce);
  }

  /** Whether one more call is one too many, in all or of this caller. */
  boolean isBusy(PublicKey32 caller) {
    return calls.punching() >= MAX_PUNCHING || isFull(caller);
  }

  boolean allows(PublicKey32 caller) {
    return allowed.allows(caller);
  }

  /** From now on these may come in; what the others have ends. */
  void allow(AllowList list) {
    allowed = list;
    for (Call call : calls.all()) {
      if (!allows(call.callerKey())) {
        call.welcomed().forEach(this::close);
        drop(call);
      }
    }
  }

  /** Begins to punch for a knock, and ends what an earlier one of the same caller began. */
  Call knocked(CallNonce nonce, PublicKey32 caller, Plan plan, Instant punchEnds, Instant now) {
    Call call = newCall(nonce, caller, plan, punchEnds, now);
    calls
        .givenUpFor(call, caller, other -> other.climb().plan().sharesRemote(plan))
        .forEach(this::drop);
    return call;
  }

  /** Whether no call is being punched for. */
  boolean isQuiet() {
    return calls.punching() == 0;
  }

  List<Call> calls() {
    return calls.all();
  }

  /** Ends what has punched for long enough. */
  void tick(Instant now) {
    for (Call call : calls.all()) {
      if (call.isPunchingOver(now)) {
        call.stopPunching();
        forgetIfOver(call);
      }
    }
  }

  /** When to tick or poll next, or null. */
  @Nullable Instant deadline() {
    return calls.deadline();
  }

  /** Secures what there is room for, and starts the dials that are due. */
  void poll(Instant now) {
    for (SocketId id = secureQueue.next(); id != null; id = secureQueue.next()) {
      Duration timeout = secureQueue.isStranger(id) ? STRANGERS_TIMEOUT : SECURE_TIMEOUT;
      effects.accept(new ServeEffect.Secure(id, days.get(), timeout));
    }
    List<Call> all = new ArrayList<>(calls.all());
    Collections.rotate(all, turn++); // when dials run short, another call is the first each time
    all.forEach(call -> call.poll(now));
  }

  void on(SocketEvent event, Instant now) {
    SocketId id = event.id();
    switch (event) {
      case SocketEvent.Dialed(var dialed, var local, var remote) -> {
        Call call = calls.ofDialed(id);
        if (call == null) {
          effects.accept(new SocketEffect.Close(id)); // its call was given up meanwhile
          return;
        }
        call.climb().connected(id, now);
        if (!secure(id, new Ends(local, remote))) {
          call.climb().useless(id, now);
        }
      }
      case SocketEvent.Accepted(var accepted, var local, var remote) -> {
        Ends ends = new Ends(local, remote);
        if (calls.expect(remote)) {
          secure(id, ends);
        } else {
          up.put(id, ends);
          secureQueue.offer(id, remote.address()).forEach(this::close);
        }
      }
      case SocketEvent.DialFailed(var dialed, var failure) -> {
        Call call = calls.ofDialed(id);
        if (call != null) {
          call.climb().failed(id, failure, now);
        }
      }
      case SocketEvent.LinkReady ready -> linkReady(id, now);
      case SocketEvent.LinkFailed failed -> {
        secureQueue.remove(id);
        Call call = calls.ofDialed(id);
        if (call != null) {
          call.climb().useless(id, now);
        }
        lost(id, false, now);
      }
    }
  }

  /** A caller says HELLO on a socket that is being secured. */
  void hello(SocketId id, CallNonce nonce, PublicKey32 caller, Instant now) {
    Ends ends = up.get(id);
    Call call = calls.get(nonce);
    if (!allows(caller)) {
      effects.accept(new ServeEffect.Refuse(id, RefusalCode.NOT_ALLOWED));
      return;
    }
    if (ends == null || !secureQueue.isSecuring(id) || (call == null && isFull(caller))) {
      effects.accept(new ServeEffect.Refuse(id, RefusalCode.BUSY));
      return;
    }
    if (call == null) {
      call = newCall(nonce, caller, Plan.EMPTY, null, now); // direct and local need no knock
    } else if (!call.mayWelcome(caller)) {
      effects.accept(new ServeEffect.Refuse(id, RefusalCode.ALREADY_CONNECTED));
      return;
    }
    call.welcome(id);
    calls
        .givenUpFor(call, caller, other -> other.climb().plan().dials(ends.remote()))
        .forEach(this::drop);
    effects.accept(new ServeEffect.Welcome(id));
  }

  /** A socket is gone, with the link that it was or would have become. */
  void lost(SocketId id, boolean clean, Instant now) {
    up.remove(id);
    Call call = calls.ofWelcomed(id);
    if (call != null) {
      call.lost(id, clean, now);
      forgetIfOver(call);
    }
  }

  /** Ends everything. */
  void close() {
    calls.all().forEach(this::drop);
    secureQueue.drain();
    up.keySet().forEach(id -> effects.accept(new SocketEffect.Close(id)));
    up.clear();
  }

  private Call newCall(
      CallNonce nonce, PublicKey32 caller, Plan plan, @Nullable Instant punchEnds, Instant now) {
    Call call = new Call(nonce, caller, now, plan, punchEnds, gear);
    calls.add(call);
    return call;
  }

  private boolean isFull(PublicKey32 caller) {
    return calls.size() >= MAX_CALLS || calls.of(caller) >= MAX_CALLS_OF_ONE;
  }

  private void close(SocketId id) {
    secureQueue.remove(id);
    up.remove(id);
    effects.accept(new SocketEffect.Close(id));
  }

  private boolean secure(SocketId id, Ends ends) {
    if (!secureQueue.offer(id)) {
      effects.accept(new SocketEffect.Close(id));
      return false;
    }
    up.put(id, ends);
    return true;
  }

  private void linkReady(SocketId id, Instant now) {
    secureQueue.remove(id);
    Call call = calls.ofWelcomed(id);
    Ends ends = up.get(id);
    if (call == null || ends == null) {
      up.remove(id);
      effects.accept(new SocketEffect.Close(id));
      return;
    }
    effects.accept(
        new ServeEffect.Report(
            new Progress.Connected(
                id,
                call.rungOf(id, ends.remote()),
                ends.local(),
                ends.remote(),
                call.climb().attempts(),
                Duration.between(call.startedAt(), now),
                call.callerKey())));
  }

  private void forgetIfOver(Call call) {
    if (call.isOver()) {
      calls.remove(call);
    }
  }

  private void drop(Call call) {
    call.stopPunching();
    calls.remove(call);
  }
}
