package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import java.time.Duration;
import java.util.List;

/**
 * What a call needs to know from the start.
 *
 * @param caller who calls
 * @param punchPorts the ports the runner listens on, the main one first; at most 3
 * @param guard shared by all calls and services of the process
 * @param timeout from the start to the link
 */
public record CallSettings(
    ServiceId id,
    Identity caller,
    List<Integer> punchPorts,
    LadderPolicy ladder,
    PunchPolicy pace,
    BurstGuard guard,
    Duration timeout) {
  public CallSettings {
    punchPorts = List.copyOf(punchPorts);
    if (punchPorts.isEmpty() || punchPorts.size() > 3) {
      throw new IllegalArgumentException("1 to 3 punch ports, not " + punchPorts.size());
    }
  }
}
