package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One machine on a bench: events go in by hand, time passes when told, and after every step the
 * bench checks what must always hold: no busy loop, no id used twice, nothing closed that is not
 * open, nothing started after the end.
 */
class Bench<E, F> {
  private static final Endpoint ANY_LOCAL = Endpoint.parse("192.168.1.2:4000");

  private final Machine<E, F> machine;
  private final Set<SocketId> used = new LinkedHashSet<>();
  private final Map<SocketId, SocketEffect.Dial> dialling = new LinkedHashMap<>();
  private final Set<SocketId> aborted = new LinkedHashSet<>();
  private final Set<SocketId> up = new LinkedHashSet<>();
  private final Set<SocketId> closed = new LinkedHashSet<>();
  private final List<F> all = new ArrayList<>();
  private final Instant startedAt;
  private Instant now;
  private long accepted;
  private boolean over;

  Bench(Machine<E, F> machine, Instant now) {
    this.machine = machine;
    this.startedAt = now;
    this.now = now;
  }

  Instant now() {
    return now;
  }

  Duration elapsed() {
    return Duration.between(startedAt, now);
  }

  Step start() {
    return take(machine.start(now));
  }

  Step on(E event) {
    return take(machine.on(event, now));
  }

  /** Lets time pass, ticking at each deadline; gives all effects of that time. */
  Step pass(Duration time) {
    Instant end = now.plus(time);
    List<F> effects = new ArrayList<>();
    for (Instant next = machine.deadline();
        next != null && !next.isAfter(end);
        next = machine.deadline()) {
      now = next;
      effects.addAll(take(machine.tick(now)).effects);
    }
    now = end;
    return new Step(effects);
  }

  /** Lets time pass without telling the machine, as when it is slow. */
  void stall(Duration time) {
    now = now.plus(time);
  }

  /** The dial that is under way to this endpoint; one that is aborted only if there is no other. */
  SocketId dialTo(String remote) {
    return dialling.values().stream()
        .filter(d -> d.remote().equals(Endpoint.parse(remote)))
        .sorted(Comparator.comparing(d -> aborted.contains(d.id())))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody dials " + remote + " but " + dialling))
        .id();
  }

  /** Everybody who is dialled refuses. */
  void refuseAll() {
    for (SocketId id : List.copyOf(dialling.keySet())) {
      on(refusedDial(failed(id, DialFailure.REFUSED)));
    }
  }

  @SuppressWarnings("unchecked") // both machines take socket events
  private E refusedDial(SocketEvent event) {
    return (E) event;
  }

  int dialling() {
    return dialling.size();
  }

  Set<SocketId> up() {
    return up;
  }

  List<F> all() {
    return all;
  }

  /** What the user has been told from the start, in order. */
  List<Progress> told() {
    return told(all);
  }

  boolean isOver() {
    return over;
  }

  /** The dial gets through. */
  SocketEvent.Dialed through(SocketId id) {
    SocketEffect.Dial dial = dialling.remove(id);
    assertThat(dial).as("%s dials", id).isNotNull();
    up.add(id);
    return new SocketEvent.Dialed(id, ANY_LOCAL, dial == null ? ANY_LOCAL : dial.remote());
  }

  SocketEvent.DialFailed failed(SocketId id, DialFailure failure) {
    assertThat(dialling.remove(id)).as("%s dials", id).isNotNull();
    return new SocketEvent.DialFailed(id, failure);
  }

  /** Somebody connects from there. */
  SocketEvent.Accepted accepted(String remote) {
    SocketId id = SocketId.accepted(++accepted);
    up.add(id);
    return new SocketEvent.Accepted(id, ANY_LOCAL, Endpoint.parse(remote));
  }

  /** A socket that was being secured or greeted is gone. */
  SocketEvent.LinkFailed broken(SocketId id, LinkException.Reason reason) {
    up.remove(id);
    return new SocketEvent.LinkFailed(id, reason, null, "in a test");
  }

  SocketEvent.LinkFailed refused(SocketId id, RefusalCode code) {
    up.remove(id);
    return new SocketEvent.LinkFailed(id, LinkException.Reason.REFUSED, code, code.words());
  }

  private static List<Progress> told(List<?> effects) {
    List<Progress> told = new ArrayList<>();
    for (Object effect : effects) {
      switch (effect) {
        case CallEffect.Report(Progress progress) -> told.add(progress);
        case ServeEffect.Report(Progress progress) -> told.add(progress);
        default -> {}
      }
    }
    return told;
  }

  /** What one step brought. */
  final class Step {
    private final List<F> effects;

    Step(List<F> effects) {
      this.effects = effects;
    }

    /** This and what the next one brought. */
    Step and(Step next) {
      List<F> both = new ArrayList<>(effects);
      both.addAll(next.effects);
      return new Step(both);
    }

    /** The effects by their names, in order, reports left out and repetitions as one. */
    String text() {
      List<String> names = new ArrayList<>();
      for (F effect : effects) {
        String name = effect.getClass().getSimpleName();
        if (!name.equals("Report") && (names.isEmpty() || !names.getLast().equals(name))) {
          names.add(name);
        }
      }
      return String.join(" ", names);
    }

    /** What the user is told, in order. */
    List<Progress> told() {
      return Bench.told(effects);
    }

    <T> List<T> all(Class<T> kind) {
      return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T> T one(Class<T> kind) {
      List<T> found = all(kind);
      assertThat(found).as("%s in %s", kind.getSimpleName(), effects).hasSize(1);
      return found.getFirst();
    }

    Set<Endpoint> dialled() {
      return all(SocketEffect.Dial.class).stream()
          .map(SocketEffect.Dial::remote)
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }
  }

  private Step take(List<F> effects) {
    for (F effect : effects) {
      boolean wasOver = over;
      switch (effect) {
        case SocketEffect.Dial dial -> {
          assertThat(used.add(dial.id())).as("%s is new", dial.id()).isTrue();
          assertThat(wasOver).as("a dial after the end").isFalse();
          dialling.put(dial.id(), dial);
        }
        case SocketEffect.Abort abort -> {
          assertThat(dialling).as("aborted").containsKey(abort.id());
          aborted.add(abort.id());
        }
        case SocketEffect.Close(SocketId id) -> {
          // Once more is allowed: what was closed may have become a link at the same moment.
          assertThat(up.remove(id) || closed.contains(id)).as("%s was up", id).isTrue();
          closed.add(id);
        }
        case CallEffect.Finish finish -> over = true;
        case ServeEffect.Finish finish -> over = true;
        case Object other when wasOver ->
            assertThat(other).as("after the end").isInstanceOf(ServeEffect.Refuse.class);
        default -> {}
      }
    }
    all.addAll(effects);
    @Nullable Instant deadline = machine.deadline();
    if (deadline != null) {
      assertThat(deadline).as("a deadline that is due already").isAfter(now);
    }
    return new Step(effects);
  }
}
