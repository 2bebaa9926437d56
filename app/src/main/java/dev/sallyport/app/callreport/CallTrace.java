package dev.sallyport.app.callreport;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.app.runner.CallTap;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.SocketEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a call while it is made. Its memory is bounded: of many sockets the first 1,024
 * and the latest 3,072 are kept, of the remarks the first 64.
 *
 * <p>Not thread-safe: read it after the run, on the run's thread.
 */
public final class CallTrace implements CallTap {
  static final int FIRST = 1024;
  static final int LATEST = 3072;
  private static final int MOST_REMARKS = 64;

  /** Something that happened on this side. */
  record Remark(Instant at, String text, PacketLadder.Tone tone) {}

  private record Named(SocketId id, Attempt attempt) {}

  private final List<Attempt> first = new ArrayList<>();
  private final ArrayDeque<Named> latest = new ArrayDeque<>();
  private final Map<SocketId, Attempt> open = new HashMap<>();
  private final List<Remark> remarks = new ArrayList<>();
  private @Nullable Instant began;
  private @Nullable Instant ended;
  private long dropped;
  private Progress.@Nullable Network network;
  private Progress.@Nullable Found found;
  private Progress.@Nullable Connected connected;
  private Progress.@Nullable Climbed climbed;
  private @Nullable CallOutcome outcome;

  @Override
  public void on(CallEvent event, Instant now) {
    seen(now);
    switch (event) {
      case SocketEvent socket -> on(socket, now);
      case CallEvent.Secured(SocketId id) -> {
        Attempt attempt = open.get(id);
        if (attempt != null) {
          attempt.securedAt = now;
        }
      }
      case CallEvent.ReplyArrived reply ->
          remark(now, "something is in our mailbox", PacketLadder.Tone.NEUTRAL);
      default -> {}
    }
  }

  @Override
  public void then(CallEffect effect, Instant now) {
    seen(now);
    switch (effect) {
      case SocketEffect.Dial(SocketId id, int localPort, Endpoint remote, var timeout) ->
          add(id, new Attempt(remote, localPort, false, now));
      case CallEffect.Secure secure -> {
        Attempt attempt = open.get(secure.id());
        if (attempt != null) {
          attempt.securingAt = now;
        }
      }
      case CallEffect.Greet greet -> {
        Attempt attempt = open.get(greet.id());
        if (attempt != null) {
          attempt.helloAt = now;
        }
      }
      case SocketEffect.Close(SocketId id) -> closed(id, now);
      case CallEffect.Knock knock -> remark(now, "knocks", PacketLadder.Tone.NEUTRAL);
      case CallEffect.Report(Progress progress) -> keep(progress, now);
      case CallEffect.Finish(CallOutcome how) -> outcome = how;
      default -> {}
    }
  }

  private void on(SocketEvent event, Instant now) {
    switch (event) {
      case SocketEvent.Dialed(SocketId id, Endpoint local, Endpoint remote) -> {
        Attempt attempt = open.get(id);
        if (attempt == null) {
          attempt = new Attempt(remote, local.port(), false, now);
          add(id, attempt);
        }
        attempt.localPort = local.port();
        attempt.upAt = now;
      }
      case SocketEvent.Accepted(SocketId id, Endpoint local, Endpoint remote) -> {
        Attempt attempt = new Attempt(remote, local.port(), true, now);
        attempt.upAt = now;
        add(id, attempt);
      }
      case SocketEvent.DialFailed failed -> {
        Attempt attempt = open.remove(failed.id());
        if (attempt != null) {
          attempt.failedAt = now;
          attempt.failure = failed.failure();
        }
      }
      case SocketEvent.LinkReady(SocketId id) -> {
        Attempt attempt = open.get(id);
        if (attempt != null) {
          attempt.linkAt = now;
        }
      }
      case SocketEvent.LinkFailed failed -> {
        Attempt attempt = open.remove(failed.id());
        if (attempt != null) {
          attempt.brokenAt = now;
          attempt.whyBroken = failed.message();
        }
      }
    }
  }

  private void closed(SocketId id, Instant now) {
    Attempt attempt = open.remove(id);
    if (attempt != null && attempt.wasUp() && attempt.linkAt == null) {
      attempt.closedAt = now;
    }
  }

  private void add(SocketId id, Attempt attempt) {
    open.put(id, attempt);
    if (first.size() < FIRST) {
      first.add(attempt);
      return;
    }
    latest.add(new Named(id, attempt));
    if (latest.size() > LATEST) {
      open.remove(latest.remove().id());
      dropped++;
    }
  }

  private void keep(Progress progress, Instant now) {
    switch (progress) {
      case Progress.Network seen -> network = seen;
      case Progress.Found seen -> {
        found = seen;
        remark(now, "has the service's record", PacketLadder.Tone.NEUTRAL);
      }
      case Progress.Knocked knocked ->
          remark(now, "the knock lies in the service's mailbox", PacketLadder.Tone.NEUTRAL);
      case Progress.Connected seen -> {
        connected = seen;
        remarks.add(new Remark(now, "connected", PacketLadder.Tone.GOOD));
      }
      case Progress.Climbed seen -> climbed = seen;
      default -> {}
    }
  }

  private void remark(Instant at, String text, PacketLadder.Tone tone) {
    if (remarks.size() < MOST_REMARKS) {
      remarks.add(new Remark(at, text, tone));
    }
  }

  private void seen(Instant now) {
    if (began == null) {
      began = now;
    }
    if (outcome == null) {
      ended = now;
    }
  }

  /** The drawing of it; null if no socket was ever there. */
  public @Nullable PacketLadder ladder() {
    return attempts().isEmpty() ? null : new CallDrawing(this).ladder();
  }

  /** From the first event to the outcome; zero if there was none. */
  public Duration took() {
    return began == null || ended == null ? Duration.ZERO : Duration.between(began, ended);
  }

  /** What was last known of the network here, or null. */
  public Progress.@Nullable Network network() {
    return network;
  }

  /** What was last found of the service, or null. */
  public Progress.@Nullable Found found() {
    return found;
  }

  /** The connection, or null. */
  public Progress.@Nullable Connected connected() {
    return connected;
  }

  /** What the rungs of a call that came through tried, or null. */
  public Progress.@Nullable Climbed climbed() {
    return climbed;
  }

  /** How many sockets there were that are not kept. */
  public long dropped() {
    return dropped;
  }

  /** In the order they began. */
  List<Attempt> attempts() {
    List<Attempt> all = new ArrayList<>(first);
    latest.forEach(named -> all.add(named.attempt()));
    return all;
  }

  List<Remark> remarks() {
    return List.copyOf(remarks);
  }

  Instant began() {
    return began == null ? Instant.EPOCH : began;
  }
}
