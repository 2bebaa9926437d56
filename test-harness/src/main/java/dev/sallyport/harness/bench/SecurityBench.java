package dev.sallyport.harness.bench;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.session.Hello;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.domain.session.Welcome;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.net.NioPunchTransport;
import dev.sallyport.net.TlsUpgrade;
import dev.sallyport.ws.WebSocketUpgrade;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;

/**
 * What security costs between the moment TCP is up and the moment the link is: TLS 1.3 with keys on
 * both sides, HELLO and WELCOME with their signature and proofs, against a bare WebSocket upgrade
 * of the same sizes. On loopback and warm, turn by turn: what it measures is processor time and
 * wake-ups. On a path TLS costs one round trip besides.
 */
public final class SecurityBench {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int WARM_UP = 100;

  private final Random random = new Random(1);
  private final Sealer sealer = new JdkSealer();
  private final Identity caller = Identity.fromSeed(secret(), sealer);
  private final TlsIdentity callerTls = tls();
  private final TlsIdentity serviceTls = tls();
  private final ServiceId id =
      ServiceId.of(ServiceName.DEFAULT, Identity.fromSeed(secret(), sealer).key());
  private final DayKeys keys = DayKeys.of(id, DayKeys.toTry(Instant.now()).getFirst(), sealer);
  private final TlsUpgrade tlsUpgrade = new TlsUpgrade();
  private final WebSocketUpgrade webSocket = new WebSocketUpgrade();
  private final byte[] hello = new byte[200];
  private final byte[] welcome = new byte[60];

  /** Milliseconds from TCP to the link at the caller, in order. */
  public record Result(List<Double> plain, List<Double> secured) {
    /** The value that this share of the list lies below. */
    public static double quantile(List<Double> sorted, double share) {
      return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(share * sorted.size())));
    }
  }

  /** Connects that often each way, in turns. */
  public Result run(int times) throws Exception {
    List<Double> plain = new ArrayList<>();
    List<Double> secured = new ArrayList<>();
    Doors service = new Doors();
    Doors dialler = new Doors();
    try (ServerSocket plainDoor = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      int port = service.transport.listen(0, true);
      for (int i = -WARM_UP; i < times; i++) {
        double without = plain(plainDoor);
        double with = secured(service, dialler, port, SocketId.dialed(i + WARM_UP + 1L));
        if (i >= 0) {
          plain.add(without);
          secured.add(with);
        }
      }
    } finally {
      service.transport.close();
      dialler.transport.close();
    }
    Collections.sort(plain);
    Collections.sort(secured);
    return new Result(plain, secured);
  }

  private double plain(ServerSocket door) throws Exception {
    try (PlainChannel here =
            new PlainChannel(new Socket(InetAddress.getLoopbackAddress(), door.getLocalPort()));
        PlainChannel there = new PlainChannel(door.accept())) {
      long start = System.nanoTime();
      FutureTask<LinkUpgrade.Established> accepted =
          inBackground(
              () ->
                  webSocket.accept(
                      there, h -> new LinkUpgrade.Verdict.Welcome(welcome), new Quiet(), TIMEOUT));
      LinkUpgrade.Established link = webSocket.dial(here, hello, new Quiet(), TIMEOUT);
      double millis = (System.nanoTime() - start) / 1e6;
      link.link().abort();
      accepted.get().link().abort();
      return millis;
    }
  }

  private double secured(Doors service, Doors dialler, int port, SocketId id) throws Exception {
    dialler.transport.dial(id, 0, Endpoint.parse("127.0.0.1:" + port), TIMEOUT);
    RawConnection there = service.connections.take();
    RawConnection here = dialler.connections.take();
    long start = System.nanoTime();
    FutureTask<LinkUpgrade.Established> accepted = inBackground(() -> accept(there));
    SecureChannel channel = tlsUpgrade.dial(here, callerTls, serviceTls.key(), TIMEOUT);
    byte[] raw = new byte[CallNonce.LENGTH];
    random.nextBytes(raw);
    CallNonce nonce = CallNonce.of(raw);
    Hello mine = Hello.make(nonce, caller, keys, channel.localKey(), channel.peerKey(), sealer);
    LinkUpgrade.Established link = webSocket.dial(channel, mine.encode(), new Quiet(), TIMEOUT);
    boolean good =
        Welcome.decode(link.welcome()).verify(nonce, keys, channel.localKey(), channel.peerKey());
    double millis = (System.nanoTime() - start) / 1e6;
    link.link().abort();
    accepted.get().link().abort();
    if (!good) {
      throw new IllegalStateException("a WELCOME that does not hold");
    }
    return millis;
  }

  private LinkUpgrade.Established accept(RawConnection there) throws Exception {
    SecureChannel channel = tlsUpgrade.accept(there, serviceTls, TIMEOUT);
    return webSocket.accept(channel, bytes -> judge(channel, bytes), new Quiet(), TIMEOUT);
  }

  private LinkUpgrade.Verdict judge(SecureChannel channel, byte[] bytes) {
    try {
      Hello said = Hello.decode(bytes);
      DayKeys proven = said.verify(List.of(keys), channel.peerKey(), channel.localKey(), sealer);
      if (proven != null) {
        return new LinkUpgrade.Verdict.Welcome(
            Welcome.make(said.nonce(), true, proven, channel.peerKey(), channel.localKey())
                .encode());
      }
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("a HELLO that does not hold: " + Arrays.hashCode(bytes));
  }

  private static <T> FutureTask<T> inBackground(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().daemon().start(future);
    return future;
  }

  private TlsIdentity tls() {
    Secret32 seed = secret();
    return new TlsIdentity(sealer.signingKey(seed), seed);
  }

  private Secret32 secret() {
    byte[] bytes = new byte[Secret32.LENGTH];
    random.nextBytes(bytes);
    return Secret32.of(bytes);
  }

  /** One end's transport, which hands over what comes up. */
  private static final class Doors implements PunchTransport.Sink {
    final SynchronousQueue<RawConnection> connections = new SynchronousQueue<>();
    final PunchTransport transport = NioPunchTransport.factory().open(this);

    @Override
    public void accepted(int port, RawConnection connection) {
      hand(connection);
    }

    @Override
    public void connected(SocketId id, RawConnection connection) {
      hand(connection);
    }

    @Override
    public void failed(SocketId id, DialFailure failure) {}

    private void hand(RawConnection connection) {
      try {
        connections.put(connection);
      } catch (InterruptedException e) {
        connection.close();
        Thread.currentThread().interrupt();
      }
    }
  }

  private static final class Quiet implements LinkListener {
    @Override
    public void text(String message) {}

    @Override
    public void binary(byte[] message) {}

    @Override
    public void closed(boolean clean, String why) {}
  }
}
