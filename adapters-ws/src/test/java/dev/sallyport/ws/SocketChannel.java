package dev.sallyport.ws;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A plain socket in a secure channel's clothes. */
final class SocketChannel implements SecureChannel {
  private static final PublicKey32 NOBODY = PublicKey32.of(new byte[PublicKey32.LENGTH]);

  private final Socket socket;

  SocketChannel(Socket socket) throws IOException {
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
      throw broken(e);
    }
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws LinkException {
    try {
      socket.getOutputStream().write(buffer, offset, length);
    } catch (IOException e) {
      throw broken(e);
    }
  }

  private static LinkException broken(IOException e) {
    return new LinkException(LinkException.Reason.BROKEN, String.valueOf(e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
