package dev.sallyport.app.runner;

import static dev.sallyport.app.runner.RealService.inBackground;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.Secrets;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.net.NioPunchTransport;
import dev.sallyport.net.TlsUpgrade;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** People on the path and at the door of a service that runs on real sockets. */
@Timeout(60)
class AttacksTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(6);

  /** He has the whole path, but not the link key that the record names. */
  @Test
  void whoAnswersInTheServicesPlace_getsNoHello_andTheCallerSaysWhy() throws Exception {
    AtomicInteger finished = new AtomicInteger();
    AtomicInteger tried = new AtomicInteger();
    Impostor impostor = new Impostor();
    int port = impostor.transport.listen(0, true);
    try (RealService service = new RealService(Endpoint.parse("127.0.0.1:" + port))) {
      TlsIdentity forged = service.newTls();
      inBackground(
          () -> {
            while (true) {
              RawConnection victim = impostor.victims.take();
              tried.incrementAndGet();
              inBackground(
                  () -> {
                    new TlsUpgrade().accept(victim, forged, TIMEOUT);
                    finished.incrementAndGet(); // the caller would say HELLO now
                  });
            }
          });
      service.runner
          .close(); // a living one would answer the knock, and so be known to be elsewhere
      try (CallRunner call = service.call(TIMEOUT)) {
        CallOutcome outcome = call.run().outcome();
        assertThat(outcome).isInstanceOf(CallOutcome.Failed.class);
        assertThat(((CallOutcome.Failed) outcome).failure().kind())
            .isEqualTo(Failure.Kind.WRONG_PEER);
      }
      assertThat(tried.get()).isPositive();
      assertThat(finished).hasValue(0);
    } finally {
      impostor.transport.close();
    }
  }

  /** He passes everything on as it is, and keeps a copy. */
  @Test
  void whoSitsOnThePath_sees_nothingThatLeadsToEitherEnd() throws Exception {
    List<ByteArrayOutputStream> copies = new CopyOnWriteArrayList<>();
    try (ServerSocket relay = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RealService service = new RealService(endpoint(relay))) {
      inBackground(
          () -> {
            while (true) {
              Socket here = relay.accept();
              Socket there = new Socket(InetAddress.getLoopbackAddress(), service.port);
              inBackground(() -> copy(here, there, copies));
              inBackground(() -> copy(there, here, copies));
            }
          });
      try (CallRunner call = service.call(TIMEOUT)) {
        CallRunner.Result result = call.run();
        assertThat(result.outcome()).isInstanceOf(CallOutcome.Linked.class);
        assertThat(result.call()).isNotNull();
        if (result.call() != null) {
          result.call().link().start();
          result.call().link().send("the message");
        }
      }
      Secrets secrets = secretsOf(service).text("the message", "the message");
      for (ByteArrayOutputStream copy : copies) {
        assertThat(secrets.foundIn(copy.toByteArray())).isEmpty();
      }
      assertThat(copies.stream().mapToInt(ByteArrayOutputStream::size).sum()).isGreaterThan(1000);
    }
  }

  /** Anybody can finish TLS with any key of his own, and so reads the service's certificate. */
  @Test
  void whoScansThePort_findsNothingThatLeadsToTheId() throws Exception {
    try (RealService service = new RealService();
        SSLSocket scanner = curious(service.port)) {
      scanner.startHandshake();
      Certificate[] chain = scanner.getSession().getPeerCertificates();
      assertThat(chain).hasSize(1);
      byte[] certificate = chain[0].getEncoded();
      assertThat(secretsOf(service).foundIn(certificate)).isEmpty();
      assertThat(
              new Secrets().bytes("link key", service.tls.key().toByteArray()).foundIn(certificate))
          .as("it is the key of this run alone")
          .containsExactly("link key");
      assertThat(service.tls.key())
          .isNotEqualTo(service.identity.key())
          .isNotEqualTo(service.today().slot().topic().key());
    }
  }

  private static Secrets secretsOf(RealService service) {
    return new Secrets()
        .bytes("id", service.id.toByteArray())
        .bytes("identity", service.identity.key().toByteArray())
        .bytes("caller", service.caller.key().toByteArray())
        .bytes("slot", service.today().slot().topic().key().toByteArray())
        .bytes("mailbox", service.today().mailbox().topic().key().toByteArray());
  }

  /** Takes whatever certificate it is shown, and shows none. */
  private static SSLSocket curious(int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Credulous()}, null);
    return (SSLSocket)
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
  }

  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Listens where the service should be. */
  private static final class Impostor implements PunchTransport.Sink {
    final BlockingQueue<RawConnection> victims = new LinkedBlockingQueue<>();
    final PunchTransport transport = NioPunchTransport.factory().open(this);

    @Override
    public void accepted(int port, RawConnection connection) {
      victims.add(connection);
    }

    @Override
    public void connected(SocketId id, RawConnection connection) {}

    @Override
    public void failed(SocketId id, DialFailure failure) {}
  }

  private static Endpoint endpoint(ServerSocket server) {
    return Endpoint.parse("127.0.0.1:" + server.getLocalPort());
  }

  private static void copy(Socket from, Socket to, List<ByteArrayOutputStream> copies)
      throws IOException {
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    copies.add(copy);
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        synchronized (copy) {
          copy.write(buffer, 0, n);
        }
        out.write(buffer, 0, n);
      }
    }
  }
}
