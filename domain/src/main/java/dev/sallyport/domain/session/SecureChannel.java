package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;

/**
 * A TLS 1.3 connection in which each end has proven that it holds its certificate's Ed25519 key.
 * Whose key that is, HELLO and WELCOME say.
 *
 * <p>Threading: one thread may read while another writes; {@link #close} may be called from any
 * thread, and ends a blocked read or write.
 */
public interface SecureChannel extends AutoCloseable {
  /** The key of our own certificate. */
  PublicKey32 localKey();

  /** The key of the peer's certificate. */
  PublicKey32 peerKey();

  Endpoint local();

  Endpoint remote();

  /**
   * Blocks until at least one byte is there.
   *
   * @return how many bytes were read, or -1 at the end of the stream
   */
  int read(byte[] buffer, int offset, int length) throws LinkException;

  /** Blocks until all bytes are handed to the network. */
  void write(byte[] buffer, int offset, int length) throws LinkException;

  /** Idempotent; never blocks for longer than it takes to close a socket. */
  @Override
  void close();
}
