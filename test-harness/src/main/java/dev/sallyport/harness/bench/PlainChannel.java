package dev.sallyport.harness.bench;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A TCP connection that protects nothing: what the secured one is compared with. */
final class PlainChannel implements SecureChannel {
  private static final PublicKey32 NOBODY = PublicKey32.of(new byte[PublicKey32.LENGTH]);

  private final Socket socket;

  PlainChannel(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    this.socket = socket;
  }

  @Override
  public PublicKey32 localKey() {
    return NOBODY;
  }

  @Override
  public PublicKey32 peerKey() {
    return NOBODY;
  }

  @Override
  public Endpoint local() {
    return Endpoint.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  @Override
  public Endpoint remote() {
    return Endpoint.of((InetSocketAddress) socket.getRemoteSocketAddress());
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws LinkException {
    try {
      return socket.getInputStream().read(buffer, offset, length);
    } catch (IOException e) {
      throw new LinkException(LinkException.Reason.BROKEN, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws LinkException {
    try {
      socket.getOutputStream().write(buffer, offset, length);
    } catch (IOException e) {
      throw new LinkException(LinkException.Reason.BROKEN, String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }
}
