package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.scenario.Scenario;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call from one host to another, from the start of both to the echo over the link or to the
 * failure: what {@code lab run} plays with real processes, in virtual time.
 *
 * <p>One caller only. Not thread-safe; every trial is on its own, so many can run side by side.
 */
public final class Trial {
  /** What a message takes to the rendezvous, and again from there: about what a DHT does. */
  public static final Duration RENDEZVOUS_DELAY = Duration.ofMillis(100);

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ECHO_PATIENCE = Duration.ofSeconds(10);
  private static final long LONGEST_NANOS = Duration.ofSeconds(90).toNanos();
  private static final long MOST_HEAD_START_NANOS = 500_000_000;

  private final Scenario scenario;
  private final World world;
  private final TrialObserver observer;
  private final Caller caller;
  private final Service service;
  private final NetModel net;
  private final Hosts hosts;
  private final RandomGenerator dice;
  private final Mishaps mishaps;
  private long calledAt = -1;
  private long dialledAt = -1;
  private long linkedAt = -1;
  private Progress.@Nullable Connected connected;

  private Trial(Scenario scenario, TrialObserver observer, Mishaps mishaps) {
    this.scenario = scenario;
    this.observer = observer;
    this.mishaps = mishaps;
    this.world = new World(scenario.path().seed());
    this.net = NetModel.of(scenario, world.time, observer);
    this.hosts = new Hosts(net, world.time, world::part);
    Middle middle = new Middle(hosts, net.addresses(), scenario.stun());
    Meeting meeting = new Meeting(world, RENDEZVOUS_DELAY);
    this.caller =
        new Caller(world, Cast.CALLER, hosts.client(), middle, meeting, this::onCallProgress);
    this.service =
        new Service(world, hosts.server(), settings(), middle, meeting, this::onServeProgress);
    this.dice = world.part();
  }

  /**
   * Plays it. All chance comes from the seed of the scenario's path.
   *
   * @throws IllegalArgumentException for what has no meaning here: several callers, a host without
   *     a network
   */
  public static TrialResult play(Scenario scenario, TrialObserver observer) {
    return play(scenario, observer, Mishaps.NONE);
  }

  private static void requirePlayable(Scenario scenario) {
    if (scenario.callers() != 1 || !scenario.client().online() || !scenario.server().online()) {
      throw new IllegalArgumentException(
          "the simulation plays one caller and two hosts with a network, not: " + scenario);
    }
  }

  /** Plays it, and this happens meanwhile. */
  static TrialResult play(Scenario scenario, TrialObserver observer, Mishaps mishaps) {
    requirePlayable(scenario);
    return new Trial(scenario, observer, mishaps).run();
  }

  /** Plays it without an onlooker. */
  public static TrialResult play(Scenario scenario) {
    return play(scenario, TrialObserver.NONE);
  }

  /** Plays it, and tells how long TCP took. */
  public static Timed time(Scenario scenario) {
    requirePlayable(scenario);
    Trial trial = new Trial(scenario, TrialObserver.NONE, Mishaps.NONE);
    TrialResult result = trial.run();
    return new Timed(result, trial.contact());
  }

  /**
   * A trial, and the connection that it led to.
   *
   * @param contact null if no message came over it and back
   */
  public record Timed(TrialResult result, @Nullable Contact contact) {}

  /** Plays it, ends everything, and says what is open after that: nothing, if all is well. */
  static int leftOpenBy(Scenario scenario) {
    Trial trial = new Trial(scenario, TrialObserver.NONE, Mishaps.NONE);
    trial.run();
    trial.caller.hangUp();
    trial.service.stop();
    trial.world.time.runUntil(trial.world.time.now() + LONGEST_NANOS);
    if (!trial.service.isOver() || trial.service.failure() != null) {
      throw new IllegalStateException("the service did not end as it was told");
    }
    return trial.caller.openSockets()
        + trial.service.openSockets()
        + trial.hosts.client().openConnections()
        + trial.hosts.server().openConnections();
  }

  private TrialResult run() {
    long headStart = dice.nextLong(MOST_HEAD_START_NANOS);
    switch (scenario.order()) {
      case SERVE_FIRST -> service.serve();
      case CONNECT_FIRST -> {
        call();
        world.time.at(headStart, service::serve);
      }
      case BOTH -> {
        service.serve();
        world.time.at(headStart / 10, this::call);
      }
    }
    while (caller.outcome() == null && runOn()) {
      // until the call has ended
    }
    CallOutcome outcome = caller.outcome();
    long endedAt = world.time.now();
    if (outcome instanceof CallOutcome.Linked) {
      long limit = endedAt + ECHO_PATIENCE.toNanos();
      while (!caller.isEchoed() && world.time.now() < limit && world.time.runNext()) {
        // until the echo is there
      }
    }
    return result(outcome, Duration.ofNanos(endedAt - Math.max(calledAt, 0)));
  }

  private boolean runOn() {
    long sinceCall = calledAt < 0 ? 0 : world.time.now() - calledAt;
    return sinceCall < LONGEST_NANOS && world.time.runNext();
  }

  private ServeSettings settings() {
    OptionalInt forwarded = scenario.server().forwardedPort();
    if (forwarded.isEmpty()) {
      return Cast.serve(Cast.SERVICE_PORT, List.of());
    }
    int port = forwarded.getAsInt();
    InetAddress outer = net.addresses().seenFromOutside(Spot.SERVER);
    return Cast.serve(port, List.of(new Endpoint(outer, port)));
  }

  private void call() {
    calledAt = world.time.now();
    observer.moment(Spot.CLIENT, "the call starts", calledAt);
    caller.call(TIMEOUT);
  }

  private void onServeProgress(Progress progress) {
    observer.progress(Spot.SERVER, progress, world.time.now());
    if (progress instanceof Progress.Registered && calledAt < 0) {
      long after = scenario.recordAge().toNanos() + dice.nextLong(MOST_HEAD_START_NANOS);
      long callAt = world.time.now() + after;
      mishaps.happen(net, hosts, world.time, callAt);
      world.time.at(callAt, this::call);
    }
  }

  private void onCallProgress(Progress progress) {
    observer.progress(Spot.CLIENT, progress, world.time.now());
    switch (progress) {
      case Progress.RungStarted started when dialledAt < 0 -> dialledAt = world.time.now();
      case Progress.Connected link -> {
        connected = link;
        linkedAt = world.time.now();
      }
      default -> {}
    }
  }

  private TrialResult result(@Nullable CallOutcome outcome, Duration elapsed) {
    Rung rung = connected == null ? null : connected.rung();
    int attempts = connected == null ? 0 : connected.attempts();
    if (calledAt < 0) {
      return failed(elapsed, 3, "the service did not register");
    }
    return switch (outcome) {
      case CallOutcome.Linked linked when caller.isEchoed() ->
          new TrialResult(rung, attempts, elapsed, Duration.ofNanos(linkedAt - dialledAt), 0, "");
      case CallOutcome.Linked linked ->
          new TrialResult(rung, attempts, elapsed, Duration.ZERO, 5, "a link, but no echo over it");
      case CallOutcome.Failed(Failure why) ->
          failed(elapsed, exitCode(why.kind()), words(why.kind()));
      case CallOutcome.Abandoned abandoned -> failed(elapsed, 5, "abandoned");
      case null -> failed(elapsed, 5, "the call did not end");
    };
  }

  private @Nullable Contact contact() {
    SocketId there = service.echoed();
    if (!(caller.outcome() instanceof CallOutcome.Linked(SocketId here))
        || there == null
        || !caller.isEchoed()) {
      return null;
    }
    long callerUp = caller.sockets().upSince(here);
    long serviceUp = service.sockets().upSince(there);
    long up = Math.max(callerUp, serviceUp);
    return new Contact(
        caller.sockets().startOf(here, up),
        service.sockets().startOf(there, up),
        callerUp,
        serviceUp);
  }

  private static TrialResult failed(Duration elapsed, int exitCode, String reason) {
    return new TrialResult(null, 0, elapsed, Duration.ZERO, exitCode, reason);
  }

  private static int exitCode(Failure.Kind kind) {
    return switch (kind) {
      case RENDEZVOUS_UNREACHABLE -> 3;
      case NOT_FOUND -> 4;
      case NO_RUNG -> 5;
      case REFUSED, WRONG_PEER -> 6;
      case LOCAL_PROBLEM -> 7;
    };
  }

  private static String words(Failure.Kind kind) {
    return switch (kind) {
      case RENDEZVOUS_UNREACHABLE -> "the rendezvous is not reached";
      case NOT_FOUND -> "the record is not found";
      case NO_RUNG -> "no rung got through";
      case REFUSED -> "refused";
      case WRONG_PEER -> "not who it should be";
      case LOCAL_PROBLEM -> "a local problem";
    };
  }
}
