package dev.sallyport.net;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.SecureUpgrade;
import dev.sallyport.domain.session.TlsIdentity;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link SecureUpgrade} by TLS 1.3 (RFC 8446) with the JDK's engine. Takes connections of this
 * module's {@link NioPunchTransport} only.
 *
 * <p>A stranger can send at most {@value TlsHandshake#MAX_BYTES} bytes before he is authenticated,
 * and has until the deadline. A connection that fails by time or by itself is reset, so that its
 * pair of endpoints can be dialled again; a peer that is turned down gets an alert and a FIN.
 *
 * <p>Errors: {@code TIMED_OUT}; {@code BROKEN} if the connection ends; {@code WRONG_PEER} from
 * {@link #dial} for a certificate other than the pinned one; {@code PROTOCOL} for everything else
 * the peer does wrong. Note that in TLS 1.3 the client's side is done before the server has judged
 * its certificate: that {@link #dial} succeeds does not mean that the service is content.
 *
 * <p>Threading: as the port says.
 */
public final class TlsUpgrade implements SecureUpgrade {
  private static final Logger LOG = LoggerFactory.getLogger(TlsUpgrade.class);

  private final AtomicReference<@Nullable OneKeyManager> lastSelf = new AtomicReference<>();
  private final AtomicBoolean warm = new AtomicBoolean();

  @Override
  public SecureChannel dial(
      RawConnection connection, TlsIdentity self, PublicKey32 pinned, Duration timeout)
      throws LinkException {
    return secure(connection, true, self, pinned, timeout);
  }

  @Override
  public SecureChannel accept(RawConnection connection, TlsIdentity self, Duration timeout)
      throws LinkException {
    return secure(connection, false, self, null, timeout);
  }

  @Override
  public void warmUp() {
    if (warm.compareAndSet(false, true)) {
      TlsWarmUp.run();
    }
  }

  private SecureChannel secure(
      RawConnection connection,
      boolean client,
      TlsIdentity self,
      @Nullable PublicKey32 pinned,
      Duration timeout)
      throws LinkException {
    if (!(connection instanceof SocketConnection socket)) {
      throw new IllegalArgumentException("not a connection of this transport: " + connection);
    }
    SocketChannel channel = socket.channel();
    PeerCheck check = new PeerCheck(pinned);
    SSLEngine engine = TlsEngines.make(client, keyManager(self), check);
    TlsHandshake handshake = new TlsHandshake(engine, channel);
    Deadlines.Guard guard = Deadlines.closeAfter(timeout, channel);
    try {
      ByteBuffer early = handshake.run();
      PublicKey32 peer = LinkCertificate.keyOf(peerChain(engine));
      // From here on there is something to lose: close with a FIN.
      channel.setOption(StandardSocketOptions.SO_LINGER, -1);
      if (guard.disarm()) {
        return new TlsChannel(
            channel, engine, early, self.key(), peer, socket.local(), socket.remote());
      }
      throw new IOException("done a moment too late");
    } catch (IOException | CertificateException | RuntimeException e) {
      if (e instanceof SSLException) {
        sayWhy(handshake, channel);
      }
      boolean late = !guard.disarm();
      socket.close();
      throw failure(e, late, timeout, client ? check.objection() : null);
    }
  }

  private OneKeyManager keyManager(TlsIdentity self) {
    OneKeyManager last = lastSelf.get();
    if (last == null || !last.identity().equals(self)) {
      last = new OneKeyManager(self);
      lastSelf.set(last);
    }
    return last;
  }

  private static X509Certificate[] peerChain(SSLEngine engine) throws IOException {
    return Arrays.stream(engine.getSession().getPeerCertificates())
        .map(X509Certificate.class::cast)
        .toArray(X509Certificate[]::new);
  }

  private static void sayWhy(TlsHandshake handshake, SocketChannel channel) {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, -1);
      handshake.sendAlert();
    } catch (IOException | RuntimeException e) {
      LOG.debug("no alert could be sent: {}", e.getMessage());
    }
  }

  private static LinkException failure(
      Exception e, boolean late, Duration timeout, @Nullable String objection) {
    if (late) {
      return new LinkException(
          Reason.TIMED_OUT, "no TLS handshake within " + timeout.toMillis() + " ms", e);
    }
    if (objection != null) {
      return new LinkException(Reason.WRONG_PEER, objection, e);
    }
    boolean theirs = !(e instanceof IOException) || e instanceof SSLException;
    return new LinkException(
        theirs ? Reason.PROTOCOL : Reason.BROKEN, "the TLS handshake failed: " + e.getMessage(), e);
  }
}
