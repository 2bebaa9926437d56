package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.RawConnection;
import java.time.Duration;

/**
 * Port: from an established socket to a {@link SecureChannel} by TLS 1.3 with a certificate on both
 * sides. The caller is the TLS client and the service the TLS server, whoever sent the first SYN.
 *
 * <p>Threading: both methods block, for at most {@code timeout}; call them off the selector thread.
 * When they fail the connection is closed.
 */
public interface SecureUpgrade {

  /**
   * As the caller.
   *
   * @param pinned the link key in the service's record; any other certificate fails with {@code
   *     WRONG_PEER}
   */
  SecureChannel dial(
      RawConnection connection, TlsIdentity self, PublicKey32 pinned, Duration timeout)
      throws LinkException;

  /** As the service: any caller with a certificate of the right shape; HELLO says who it is. */
  SecureChannel accept(RawConnection connection, TlsIdentity self, Duration timeout)
      throws LinkException;

  /** Loads and compiles what the first handshake needs; may block for a second. Idempotent. */
  void warmUp();
}
