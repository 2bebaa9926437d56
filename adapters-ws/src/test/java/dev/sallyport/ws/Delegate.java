package dev.sallyport.ws;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;

/** A channel that hands everything on; tests override what they disturb. */
class Delegate implements SecureChannel {
  private final SecureChannel channel;

  Delegate(SecureChannel channel) {
    this.channel = channel;
  }

  @Override
  public PublicKey32 localKey() {
    return channel.localKey();
  }

  @Override
  public PublicKey32 peerKey() {
    return channel.peerKey();
  }

  @Override
  public Endpoint local() {
    return channel.local();
  }

  @Override
  public Endpoint remote() {
    return channel.remote();
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws LinkException {
    return channel.read(buffer, offset, length);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws LinkException {
    channel.write(buffer, offset, length);
  }

  @Override
  public void close() {
    channel.close();
  }
}
