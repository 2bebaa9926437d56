package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.punch.TokenBucket;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A service from its start to its end, without I/O: keeps its record fresh, answers knocks with the
 * mirrored ladder, and welcomes callers on the connections they choose.
 *
 * <table>
 *   <caption>transitions</caption>
 *   <tr><th>event</th><th>effects</th></tr>
 *   <tr><td>start</td><td>Discover, Watch of the day's mailbox</td></tr>
 *   <tr><td>our candidates are known (or 1.5 s passed), have changed, or the record gets old</td>
 *       <td>Publish for each day to serve, once a second at most</td></tr>
 *   <tr><td>our addresses are another network's</td><td>Discover</td></tr>
 *   <tr><td>the day changes, or is about to</td><td>Watch, Unwatch, Publish</td></tr>
 *   <tr><td>the rendezvous cannot be joined, or takes no record for 12 s</td><td>Finish, unless it
 *       ever took one</td></tr>
 *   <tr><td>a valid, fresh knock</td><td>dials of the mirrored ladder; Abort of what an earlier
 *       knock of the same caller dials at the same place; Reply at once if our record is outdated
 *       or we are busy, after a second if no HELLO came</td></tr>
 *   <tr><td>a knock, unless one came within 2 s, or our next ports are to be told</td><td>Confirm:
 *       our mapping may have ended since anybody looked</td></tr>
 *   <tr><td>our candidates have changed while calls are punched for</td><td>Reply to their callers,
 *       at once</td></tr>
 *   <tr><td>a knock for which ports have to be guessed</td><td>its bursts, and Reply at once; Sample
 *       before that, if our own ports are to be told, otherwise once it is confirmed where we are;
 *       Reply "busy", if it is a birthday and another one goes on</td></tr>
 *   <tr><td>a knock of a caller who is not allowed in</td><td>Reply "refused", once a second at
 *       most; no SYN leaves</td></tr>
 *   <tr><td>dialled, accepted</td><td>Secure, at most 32 at once, 24 of them strangers' (see {@link
 *       SecureQueue}); Close where there is no room</td></tr>
 *   <tr><td>HELLO</td><td>Welcome; Abort of what the call still dials. The caller has closed the
 *       call's sockets that were welcomed before, or will never miss them</td></tr>
 *   <tr><td>HELLO, the fifth of one call at once, another caller's, or of one who is not allowed
 *       in</td><td>Refuse</td></tr>
 *   <tr><td>the allow list has changed</td><td>Abort and Close what callers have who are not on it
 *       any more</td></tr>
 *   <tr><td>all welcomed sockets of a call are lost without a goodbye</td><td>dials anew, until 15 s
 *       after the knock</td></tr>
 *   <tr><td>15 s after the knock</td><td>Abort what still dials</td></tr>
 *   <tr><td>cancelled</td><td>Abort and Close everything, Finish</td></tr>
 *   <tr><td>over; a socket comes up, HELLO</td><td>Close, Refuse</td></tr>
 * </table>
 *
 * <p>Not thread-safe: one thread at a time. No clock and no randomness of its own.
 */
public final class ServeMachine implements Machine<ServeEvent, ServeEffect> {
  private static final Duration DISCOVERY_PATIENCE = Duration.ofMillis(1500);
  private static final Duration REFRESH = Duration.ofMinutes(15);
  private static final Duration PUBLISH_AGAIN = Duration.ofSeconds(2);
  private static final Duration PUBLISH_SPACING = Duration.ofSeconds(1);

  /** What is of use to people only may wait until more is known. */
  private static final Duration PROFILE_SPACING = Duration.ofSeconds(10);

  private static final Duration FIRST_PUBLISH = Duration.ofSeconds(12);
  private static final Duration DAY_CHECK = Duration.ofMinutes(1);
  private static final Duration FAST_LOOKS = Duration.ofMinutes(2);

  /** For all calls together, whoever asks: who has the id must not get a cannon with it. */
  private static final int DIALS_PER_SECOND = 400;

  private enum Timer {
    PREPARED,
    PUBLISH,
    FIRST_PUBLISH,
    DAY,
    STEADY
  }

  private final ServeSettings settings;
  private final Surroundings surroundings;
  private final RecordKeeper keeper;
  private final Doorkeeper door;
  private final KnockDesk desk;
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private List<ServeEffect> effects = new ArrayList<>();
  private long nextSocket = 1;
  private boolean prepared;
  private boolean registered;
  private boolean joinFailed;
  private boolean sampling;
  private boolean over;
  private String rendezvousTrouble = "";

  /** A service that has not started. */
  public ServeMachine(ServeSettings settings, Sealer sealer, RandomGenerator random) {
    this.settings = settings;
    this.surroundings = new Surroundings(List.of(settings.port()), settings.advertised());
    this.keeper = new RecordKeeper(settings, sealer, random, this::emit);
    Climb.Gear gear =
        new Climb.Gear(
            settings.pace(),
            random,
            () -> SocketId.dialed(nextSocket++),
            new TokenBucket(DIALS_PER_SECOND, DIALS_PER_SECOND),
            settings.guard(),
            this::emit,
            this::report);
    this.door = new Doorkeeper(gear, keeper::days, settings.allowed(), this::emit);
    this.desk = new KnockDesk(settings, sealer, random, surroundings, keeper, door, this::emit);
  }

  @Override
  public List<ServeEffect> start(Instant now) {
    emit(new ServeEffect.Discover());
    timers.set(Timer.PREPARED, now.plus(DISCOVERY_PATIENCE));
    timers.set(Timer.FIRST_PUBLISH, now.plus(FIRST_PUBLISH));
    timers.set(Timer.STEADY, now.plus(FAST_LOOKS));
    keepDays(now);
    return take(now);
  }

  @Override
  public List<ServeEffect> on(ServeEvent event, Instant now) {
    if (over) {
      onLate(event);
      return take(now);
    }
    switch (event) {
      case DiscoveryEvent discovery -> onDiscovery(discovery, now);
      case SocketEvent socket -> door.on(socket, now);
      case ServeEvent.Published(LocalDate day, int accepted, int asked) -> {
        timers.clear(Timer.FIRST_PUBLISH);
        if (!registered) {
          registered = true;
          report(new Progress.Registered(settings.id(), accepted, asked));
        }
      }
      case ServeEvent.PublishFailed(
              LocalDate day,
              long sequence,
              RendezvousException.Reason reason,
              String message) -> {
        rendezvousTrouble = message;
        if (keeper.isLatest(sequence)) {
          report(new Progress.Trouble("the record could not be left: " + message));
          timers.set(Timer.PUBLISH, now.plus(PUBLISH_AGAIN));
        }
      }
      case ServeEvent.KnockArrived(SealedItem item) -> onKnock(item, now);
      case ServeEvent.HelloArrived(SocketId id, CallNonce nonce, PublicKey32 caller) ->
          door.hello(id, nonce, caller, now);
      case ServeEvent.LinkClosed(SocketId id, boolean clean) -> door.lost(id, clean, now);
      case ServeEvent.AllowListChanged(AllowList allowed) -> door.allow(allowed);
      case ServeEvent.Cancelled cancelled -> finish(null);
    }
    return take(now);
  }

  /** What was under way when the service ended still comes up, and is closed. */
  private void onLate(ServeEvent event) {
    switch (event) {
      case SocketEvent.Dialed dialed -> emit(new SocketEffect.Close(dialed.id()));
      case SocketEvent.Accepted accepted -> emit(new SocketEffect.Close(accepted.id()));
      case SocketEvent.LinkReady ready -> emit(new SocketEffect.Close(ready.id()));
      case ServeEvent.HelloArrived hello ->
          emit(new ServeEffect.Refuse(hello.id(), RefusalCode.BUSY));
      default -> {}
    }
  }

  @Override
  public List<ServeEffect> tick(Instant now) {
    for (Timer timer : timers.due(now)) {
      if (over) {
        break;
      }
      switch (timer) {
        case PREPARED -> prepared(now);
        case PUBLISH -> publish(now);
        case FIRST_PUBLISH -> finish(surroundings.unreachable(rendezvousTrouble));
        case DAY -> keepDays(now);
        case STEADY -> emit(new ServeEffect.SetPace(Rendezvous.Pace.STEADY));
      }
    }
    if (!over) {
      desk.tick(now);
      door.tick(now);
    }
    return take(now);
  }

  @Override
  public @Nullable Instant deadline() {
    return over ? null : Deadlines.earlier(timers.earliest(), door.deadline());
  }

  private void onDiscovery(DiscoveryEvent event, Instant now) {
    surroundings.at(now);
    switch (event) {
      case DiscoveryEvent.Joined(int peers, Duration took) -> {
        joinFailed = false;
        report(new Progress.Joined(peers, took));
      }
      case DiscoveryEvent.JoinFailed(String message) -> {
        rendezvousTrouble = message;
        joinFailed = true;
      }
      case DiscoveryEvent.Recalled(Remembered memory) -> surroundings.recalled(memory);
      case DiscoveryEvent.AddressesListed(var addresses) -> {
        if (surroundings.addresses(addresses)) {
          emit(new ServeEffect.Discover());
        }
      }
      case DiscoveryEvent.Observed(var observation) -> surroundings.observed(observation);
      case DiscoveryEvent.Sampled(var seen) -> {
        if (sampling) {
          // Only those of one time: the ports have moved on when a knock comes later.
          surroundings.sampled(seen);
          sampling = false;
        }
        desk.sampled(seen == null ? null : seen.observed(), now);
      }
      case DiscoveryEvent.Confirmed confirmed -> desk.confirmed(now);
      case DiscoveryEvent.Surveyed surveyed -> surroundings.surveyed();
    }
    if (joinFailed && !registered && surroundings.isListed()) {
      finish(surroundings.unreachable(rendezvousTrouble));
      return;
    }
    Progress news = surroundings.news();
    if (news != null) {
      report(news);
    }
    if (!prepared && surroundings.isComplete()) {
      prepared(now);
    } else if (prepared) {
      publishIfMoved(now);
      desk.moved(now);
    }
    if (surroundings.wantsSamples() && !sampling && door.isQuiet()) {
      sampling = true;
      emit(new ServeEffect.Sample());
    }
  }

  private void prepared(Instant now) {
    prepared = true;
    timers.clear(Timer.PREPARED);
    publish(now);
  }

  private void publishIfMoved(Instant now) {
    Instant latest = keeper.latestIssuedAt();
    boolean outdated = keeper.isOutdated(surroundings.side());
    if (latest == null || !(outdated || keeper.saysLess(surroundings.side()))) {
      return;
    }
    Instant next = latest.plus(outdated ? PUBLISH_SPACING : PROFILE_SPACING);
    if (next.isAfter(now)) {
      timers.setAtLatest(Timer.PUBLISH, next); // a record that failed is due earlier
    } else {
      publish(now);
    }
  }

  private void publish(Instant now) {
    keeper.publish(surroundings.side(), now);
    timers.set(Timer.PUBLISH, now.plus(REFRESH));
  }

  private void keepDays(Instant now) {
    Rendezvous.Pace pace =
        timers.isSet(Timer.STEADY) ? Rendezvous.Pace.FAST : Rendezvous.Pace.STEADY;
    if (keeper.keepDays(pace, now) && prepared) {
      publish(now);
    }
    timers.set(Timer.DAY, now.plus(DAY_CHECK));
  }

  private void onKnock(SealedItem item, Instant now) {
    if (desk.take(item, now)) {
      if (!timers.isSet(Timer.STEADY)) {
        emit(new ServeEffect.SetPace(Rendezvous.Pace.FAST));
      }
      timers.set(Timer.STEADY, now.plus(FAST_LOOKS));
    }
  }

  private void finish(@Nullable Failure failure) {
    over = true;
    door.close();
    emit(new ServeEffect.Finish(failure));
  }

  private void report(Progress progress) {
    emit(new ServeEffect.Report(progress));
  }

  private void emit(ServeEffect effect) {
    effects.add(effect);
  }

  private List<ServeEffect> take(Instant now) {
    if (!over) {
      door.poll(now);
    }
    List<ServeEffect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
