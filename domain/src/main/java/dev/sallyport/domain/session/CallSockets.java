package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A caller's connections from the first SYN to the link: secures them side by side, says HELLO on
 * one at a time, and tells the climb which of them lead nowhere.
 */
final class CallSockets {
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);

  /** How a socket ends a call. */
  sealed interface Ending {
    /** It is the link. */
    record Linked(SocketId id) implements Ending {}

    /** On it, the service has said no for good. */
    record Refused(RefusalCode why) implements Ending {}
  }

  private final Climb climb;
  private final Consumer<CallEffect> effects;
  private final Handshakes handshakes = new Handshakes();
  private boolean metImpostor;

  CallSockets(Climb climb, Consumer<CallEffect> effects) {
    this.climb = climb;
    this.effects = effects;
  }

  /**
   * Takes what happens to a socket.
   *
   * @param wanted whether we are calling; otherwise what comes up is closed
   * @param startedAt when the call began
   * @return how the call ends by this; null if it goes on
   */
  @Nullable Ending on(SocketEvent event, boolean wanted, Instant startedAt, Instant now) {
    SocketId id = event.id();
    return switch (event) {
      case SocketEvent.Dialed(var dialed, var local, var remote) -> {
        climb.connected(id, now);
        up(id, new Ends(local, remote), wanted, now);
        yield null;
      }
      case SocketEvent.Accepted(var accepted, var local, var remote) -> {
        up(id, new Ends(local, remote), wanted, now);
        yield null;
      }
      case SocketEvent.DialFailed failed -> {
        climb.failed(id, failed.failure(), now);
        yield null;
      }
      case SocketEvent.LinkReady ready -> ready(id, Duration.between(startedAt, now));
      case SocketEvent.LinkFailed failed -> failed(failed, now);
    };
  }

  private void up(SocketId id, Ends ends, boolean wanted, Instant now) {
    if (!wanted || !handshakes.offer(id, ends)) {
      effects.accept(new SocketEffect.Close(id));
      climb.useless(id, now);
      return;
    }
    report(new Progress.Reached(rungOf(id, ends), ends.local(), ends.remote(), climb.attempts()));
  }

  void secured(SocketId id, Instant now) {
    handshakes.secured(id, now);
  }

  /** Secures and greets what can be, and moves on from a socket that answers too late. */
  void shakeHands(Knocking knock, Instant now) {
    SocketId overdue = handshakes.overdue(now);
    if (overdue != null) {
      handshakes.remove(overdue);
      effects.accept(new SocketEffect.Close(overdue));
      climb.useless(overdue, now);
      report(new Progress.Trouble("a connection answers too late, the next one is tried"));
    }
    for (SocketId id = handshakes.nextToSecure(now);
        id != null;
        id = handshakes.nextToSecure(now)) {
      effects.accept(new CallEffect.Secure(id, knock.linkKey(), HANDSHAKE_TIMEOUT));
    }
    SocketId next = handshakes.nextToGreet(now);
    if (next != null) {
      effects.accept(new CallEffect.Greet(next, knock.nonce(), knock.keys(), HANDSHAKE_TIMEOUT));
    }
  }

  /** When {@link #shakeHands} has something to do if nothing happens before; null if never. */
  @Nullable Instant deadline() {
    return handshakes.deadline();
  }

  /** Whether any socket is up that may become the link. */
  boolean isShakingHands() {
    return !handshakes.isEmpty();
  }

  /** Whether something answered at the service's endpoints that was not the service. */
  boolean metImpostor() {
    return metImpostor;
  }

  /** Closes all that are not a link yet, and forgets what they were. */
  void drop() {
    handshakes.drain().forEach(id -> effects.accept(new SocketEffect.Close(id)));
    metImpostor = false;
  }

  private @Nullable Ending ready(SocketId id, Duration elapsed) {
    Ends ends = handshakes.ends(id);
    if (ends == null || !handshakes.isGreeted(id)) {
      effects.accept(new SocketEffect.Close(id));
      return null;
    }
    Rung rung = rungOf(id, ends);
    handshakes.remove(id);
    report(
        new Progress.Connected(
            id, rung, ends.local(), ends.remote(), climb.attempts(), elapsed, null));
    return new Ending.Linked(id);
  }

  private @Nullable Ending failed(SocketEvent.LinkFailed failed, Instant now) {
    if (!handshakes.remove(failed.id())) {
      return null;
    }
    climb.useless(failed.id(), now);
    RefusalCode refusal = failed.refusal();
    if (refusal != null
        && refusal != RefusalCode.ALREADY_CONNECTED
        && refusal != RefusalCode.BUSY) {
      return new Ending.Refused(refusal);
    }
    metImpostor |= failed.reason() == LinkException.Reason.WRONG_PEER;
    report(new Progress.Trouble("a connection could not be secured: " + failed.message()));
    return null;
  }

  private Rung rungOf(SocketId id, Ends ends) {
    Rung rung = climb.rungOf(id);
    if (rung != null) {
      return rung;
    }
    boolean local =
        ends.remote().scope() == AddressScope.LOOPBACK
            || climb.plan().remotes(Rung.LOCAL).stream().anyMatch(ends.remote()::sameAddress);
    return local ? Rung.LOCAL : Rung.EXTERNAL;
  }

  private void report(Progress progress) {
    effects.accept(new CallEffect.Report(progress));
  }
}
