package dev.sallyport.domain.session;

import java.time.Duration;

/**
 * Port: from a {@link SecureChannel} to a {@link Link} by a WebSocket upgrade (RFC 6455) whose
 * request carries HELLO and whose 101 carries WELCOME. HELLO and WELCOME are opaque bytes here.
 *
 * <p>Threading: both methods block, for at most {@code timeout}, the judge's answer included. When
 * they fail the channel is closed. The listener's methods are called on the link's reader thread,
 * one at a time, never before the method that made the link has returned.
 */
public interface LinkUpgrade {

  /**
   * As the caller: the WebSocket client.
   *
   * @param hello at most 512 bytes
   * @throws LinkException {@code REFUSED} with its code if the service said so
   */
  Established dial(SecureChannel channel, byte[] hello, LinkListener listener, Duration timeout)
      throws LinkException;

  /**
   * As the service: the WebSocket server.
   *
   * @throws LinkException {@code REFUSED} if the judge refused, after the caller was told
   */
  Established accept(
      SecureChannel channel, HelloJudge judge, LinkListener listener, Duration timeout)
      throws LinkException;

  /** Loads and compiles what the first upgrade needs. Idempotent. */
  void warmUp();

  /**
   * A link that is up. No event reaches the listener before {@link Link#start}.
   *
   * @param welcome at most 512 bytes, what the service answered
   */
  record Established(Link link, byte[] welcome) {}

  /** Decides on a HELLO. May block within the upgrade's timeout. */
  interface HelloJudge {
    Verdict judge(byte[] hello);
  }

  /** What the judge says. */
  sealed interface Verdict {
    /** At most 512 bytes. */
    record Welcome(byte[] bytes) implements Verdict {}

    record Refuse(RefusalCode code) implements Verdict {}
  }
}
