package dev.sallyport.app;

import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.LadderPolicy;
import java.time.Duration;

/**
 * A service to call.
 *
 * @param timeout from now to the link
 */
public record ConnectOptions(ServiceId id, Identity caller, LadderPolicy ladder, Duration timeout) {

  /** The timeout if none is given. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
}
