package dev.sallyport.app.runner;

import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import java.time.Instant;

/**
 * Looks on as a call is made. It is called on the machine's thread, the effects of an event after
 * it, and must neither block nor throw.
 */
public interface CallTap {
  /** The machine is told this. */
  void on(CallEvent event, Instant now);

  /** The machine wants this, and it is about to be done. */
  void then(CallEffect effect, Instant now);
}
