package dev.sallyport.app.runner;

import static dev.sallyport.app.runner.RealService.SEALER;
import static dev.sallyport.app.runner.RealService.inBackground;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Progress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service on real sockets among people who want it to fail; who has business there gets in. */
@Timeout(120)
class StrangersTest {
  private static final int IDLE = 1000;
  private static final int DRIPPING = 20;
  private static final int RUBBISH = 10_000;

  private final List<SocketChannel> strangers = new ArrayList<>();
  private RealService service;

  @BeforeEach
  void serve() throws Exception {
    service = new RealService();
  }

  @AfterEach
  void close() throws IOException {
    service.close();
    for (SocketChannel stranger : strangers) {
      stranger.close();
    }
  }

  @Test
  void idleConnections_drippingHandshakes_andRubbishInTheMailbox_keepNobodyOut() throws Exception {
    for (int i = 0; i < IDLE; i++) {
      connect("127.0.0." + (2 + i % 8));
    }
    List<SocketChannel> dripping = new ArrayList<>();
    for (int i = 0; i < DRIPPING; i++) {
      dripping.add(connect("127.0.0.10"));
    }
    ScheduledExecutorService drips = Executors.newSingleThreadScheduledExecutor();
    var unusedDrips = drips.scheduleAtFixedRate(new Drip(dripping), 0, 50, TimeUnit.MILLISECONDS);
    Thread rubbish = inBackground(this::throwRubbish);

    try (CallRunner call = service.call(Duration.ofSeconds(30))) {
      CallRunner.Result result = call.run();
      assertThat(result.outcome()).isInstanceOf(CallOutcome.Linked.class);
      assertThat(result.call()).isNotNull();
    }
    Slot mailbox = service.today().mailbox();
    Knock knock = knock();
    try (MemRendezvous member = new MemRendezvous(service.rendezvous)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofSeconds(1)) // as a caller does who got no answer
          .until(
              () -> {
                var unused = member.knock(mailbox, seal(knock), knock.expires());
                return service.progress.stream().anyMatch(Progress.KnockReceived.class::isInstance);
              });
    }
    rubbish.join();
    drips.shutdownNow();
    long told = service.progress.stream().filter(Progress.Trouble.class::isInstance).count();
    assertThat(told).as("complaints on the screen").isLessThan(10);
    assertThat(service.runner.openSockets()).isLessThanOrEqualTo(SocketTable.MAX_STRANGERS + 1);
  }

  private SocketChannel connect(String from) throws IOException {
    SocketChannel stranger = SocketChannel.open();
    strangers.add(stranger);
    stranger.bind(new InetSocketAddress(Objects.requireNonNull(IpLiteral.parse(from)), 0));
    stranger.connect(service.at().toSocketAddress());
    return stranger;
  }

  /** One more byte, on each socket, of a TLS record that never ends. */
  private static final class Drip implements Runnable {
    private static final byte[] START = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};

    private final List<SocketChannel> sockets;
    private int sent;

    Drip(List<SocketChannel> sockets) {
      this.sockets = sockets;
    }

    @Override
    public void run() {
      byte next = sent < START.length ? START[sent] : 7;
      sent++;
      for (SocketChannel socket : sockets) {
        try {
          socket.write(ByteBuffer.wrap(new byte[] {next}));
        } catch (IOException e) {
          // It was thrown out, as it should be.
        }
      }
    }
  }

  private void throwRubbish() {
    Slot mailbox = service.today().mailbox();
    Random dice = new Random(3);
    try (MemRendezvous member = new MemRendezvous(service.rendezvous)) {
      for (int i = 0; i < RUBBISH; i++) {
        byte[] bytes = new byte[100 + dice.nextInt(200)];
        dice.nextBytes(bytes);
        var unused =
            member.knock(
                mailbox, SealedItem.of(bytes), service.clock.get().plus(Duration.ofMinutes(1)));
      }
    }
  }

  private Knock knock() {
    Instant now = service.clock.get();
    byte[] nonce = new byte[CallNonce.LENGTH];
    service.random.nextBytes(nonce);
    return new Knock(
        service.caller.key(),
        List.of(new Candidate(CandidateKind.REFLEXIVE, Endpoint.parse("192.0.2.1:4000"))),
        NatProfile.unknown(),
        new Strategy.SimultaneousOpen(),
        now,
        CallNonce.of(nonce),
        now,
        now.plus(Duration.ofMinutes(2)));
  }

  private SealedItem seal(Knock knock) {
    return Knock.seal(
            knock,
            service.caller,
            service.id,
            SEALER.agreementKey(service.knockPrivate),
            service.secret(),
            SEALER)
        .item();
  }
}
