package dev.sallyport.domain.session;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs one machine on a simulated host, to the letter of the runner's contract: one event at a
 * time, some of them a moment late; one terminal event for whatever was started; what comes for an
 * id that is gone is closed.
 */
abstract class SimRunner<E, F> {
  final SimNet.Host host;
  final SimWorld world;
  private final Map<SocketId, SimNet.Half> table = new LinkedHashMap<>();

  /** The dials that have not had their event. */
  private final Set<SocketId> pendingDials = new HashSet<>();

  private final Map<String, Instant> lastSyn = new HashMap<>();
  private @Nullable Machine<E, F> machine;
  private long tickVersion;
  private long accepted;

  SimRunner(SimNet.Host host, SimWorld world) {
    this.host = host;
    this.world = world;
  }

  abstract void execute(F effect);

  abstract E socket(SocketEvent event);

  void start(Machine<E, F> started, List<Integer> ports) {
    machine = started;
    for (int port : ports) {
      host.listen(port, this::accepted);
    }
    take(started, started.start(world.now()));
  }

  /** Delivers an event, soon. */
  void post(E event) {
    post(event, world.between(0, 1500));
  }

  void post(E event, Duration latency) {
    world.after(
        latency,
        () -> {
          Machine<E, F> to = machine;
          if (to != null) {
            world.tell(host.name, event);
            take(to, to.on(event, world.now()));
          }
        });
  }

  /** The process is gone, in the middle of whatever it was doing. */
  void die() {
    machine = null;
  }

  int openIds() {
    return table.size();
  }

  SimNet.@Nullable Half half(SocketId id) {
    return table.get(id);
  }

  void execute(SocketEffect effect) {
    switch (effect) {
      case SocketEffect.Dial dial -> dial(dial);
      case SocketEffect.Abort(SocketId id) -> {
        SimNet.Half half = table.get(id);
        if (half != null && half.peer() == null && pendingDials.remove(id)) {
          failed(id, DialFailure.ABORTED);
        }
      }
      case SocketEffect.Close(SocketId id) -> close(id);
    }
  }

  private void dial(SocketEffect.Dial dial) {
    checkPace(dial);
    SocketId id = dial.id();
    SimNet.Half half =
        host.dial(
            dial.localPort(),
            dial.remote(),
            new SimNet.Watcher() {
              @Override
              public void established() {
                SimNet.Half up = table.get(id);
                if (pendingDials.remove(id) && up != null) {
                  post(socket(new SocketEvent.Dialed(id, up.local, up.remote)));
                }
              }

              @Override
              public void failed(DialFailure failure) {
                if (pendingDials.remove(id)) {
                  SimRunner.this.failed(id, failure);
                }
              }

              @Override
              public void received(String message) {}

              @Override
              public void reset() {}
            });
    if (half == null) {
      post(socket(new SocketEvent.DialFailed(id, DialFailure.TUPLE_IN_USE)));
      return;
    }
    table.put(id, half);
    pendingDials.add(id);
    world.after(
        dial.timeout(),
        () -> {
          if (pendingDials.remove(id)) {
            failed(id, DialFailure.TIMED_OUT);
          }
        });
  }

  private void checkPace(SocketEffect.Dial dial) {
    if (dial.localPort() == 0) {
      return;
    }
    Instant before = lastSyn.put(dial.localPort() + ">" + dial.remote(), world.now());
    if (before != null
        && Duration.between(before, world.now()).compareTo(PunchPolicy.DEFAULT.redialFloor()) < 0) {
      throw new AssertionError(host.name + " dials " + dial.remote() + " faster than the floor");
    }
  }

  private void failed(SocketId id, DialFailure failure) {
    SimNet.Half half = table.remove(id);
    if (half != null) {
      half.close();
    }
    post(socket(new SocketEvent.DialFailed(id, failure)));
  }

  private void accepted(SimNet.Half half) {
    SocketId id = SocketId.accepted(++accepted);
    table.put(id, half);
    post(socket(new SocketEvent.Accepted(id, half.local, half.remote)));
  }

  void close(SocketId id) {
    SimNet.Half half = table.remove(id);
    if (half != null) {
      half.close();
      closed(id);
    }
  }

  /** A socket was closed from here; if it was being secured, {@code LinkFailed} still comes. */
  abstract void closed(SocketId id);

  void linkFailed(SocketId id, LinkException.Reason reason, @Nullable RefusalCode refusal) {
    SimNet.Half half = table.remove(id);
    if (half != null) {
      half.close();
    }
    post(socket(new SocketEvent.LinkFailed(id, reason, refusal, "in the simulation")));
  }

  private void take(Machine<E, F> of, List<F> effects) {
    for (F effect : effects) {
      world.tell(host.name, effect);
      execute(effect);
    }
    Instant deadline = of.deadline();
    long version = ++tickVersion;
    if (deadline == null) {
      return;
    }
    if (!deadline.isAfter(world.now())) {
      throw new AssertionError(host.name + " has a deadline that is due already: a busy loop");
    }
    world.at(
        deadline,
        () -> {
          if (version == tickVersion && machine != null) {
            take(of, of.tick(world.now()));
          }
        });
  }
}
