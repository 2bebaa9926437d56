package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.TlsIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.Pipe;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.EdECPrivateKey;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A handshake between two throw-away identities inside this process, and a byte each way. In a
 * fresh JVM nearly all of a first handshake's time is class loading; this spends it beforehand.
 */
final class TlsWarmUp {
  private static final Logger LOG = LoggerFactory.getLogger(TlsWarmUp.class);
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final Endpoint NOWHERE = Endpoint.parse("127.0.0.1:1");

  private TlsWarmUp() {}

  static void run() {
    try {
      Pipe there = Pipe.open();
      Pipe back = Pipe.open();
      try (End client = new End(back.source(), there.sink());
          End server = new End(there.source(), back.sink())) {
        // One side that gives up ends the other.
        Deadlines.Guard guard = Deadlines.closeAfter(LIMIT, client);
        Thread other = Daemons.start("tls-warm-up", () -> play(false, server));
        play(true, client);
        other.join();
        guard.close();
      }
    } catch (IOException e) {
      LOG.debug("no warm-up: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void play(boolean client, ByteChannel end) {
    try {
      TlsIdentity self = throwAway();
      SSLEngine engine = TlsEngines.make(client, new OneKeyManager(self), new PeerCheck(null));
      ByteBuffer early = new TlsHandshake(engine, end).run();
      byte[] one = new byte[1];
      try (TlsChannel channel =
          new TlsChannel(end, engine, early, self.key(), self.key(), NOWHERE, NOWHERE)) {
        if (client) {
          channel.write(one, 0, 1);
        }
        channel.read(one, 0, 1);
        if (!client) {
          channel.write(one, 0, 1);
        }
      }
    } catch (IOException | LinkException | GeneralSecurityException e) {
      LOG.debug("the warm-up ended early: {}", e.getMessage());
      // Or the other side would wait for us.
      Quietly.close(end);
    }
  }

  /** A fresh identity. */
  static TlsIdentity throwAway() throws GeneralSecurityException {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] seed = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] key = Arrays.copyOfRange(encoded, encoded.length - PublicKey32.LENGTH, encoded.length);
    return new TlsIdentity(PublicKey32.of(key), Secret32.of(seed));
  }

  /** One end of two pipes. */
  private record End(Pipe.SourceChannel source, Pipe.SinkChannel sink) implements ByteChannel {
    @Override
    public int read(ByteBuffer buffer) throws IOException {
      return source.read(buffer);
    }

    @Override
    public int write(ByteBuffer buffer) throws IOException {
      return sink.write(buffer);
    }

    @Override
    public boolean isOpen() {
      return source.isOpen() && sink.isOpen();
    }

    @Override
    public void close() throws IOException {
      source.close();
      sink.close();
    }
  }
}
