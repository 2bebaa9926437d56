package dev.sallyport.app.runner;

import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import dev.sallyport.domain.session.Machine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call's machine with somebody who looks on. */
record TappedMachine(Machine<CallEvent, CallEffect> machine, CallTap tap)
    implements Machine<CallEvent, CallEffect> {
  @Override
  public List<CallEffect> start(Instant now) {
    return shown(machine.start(now), now);
  }

  @Override
  public List<CallEffect> on(CallEvent event, Instant now) {
    tap.on(event, now);
    return shown(machine.on(event, now), now);
  }

  @Override
  public List<CallEffect> tick(Instant now) {
    return shown(machine.tick(now), now);
  }

  @Override
  public @Nullable Instant deadline() {
    return machine.deadline();
  }

  private List<CallEffect> shown(List<CallEffect> effects, Instant now) {
    effects.forEach(effect -> tap.then(effect, now));
    return effects;
  }
}
