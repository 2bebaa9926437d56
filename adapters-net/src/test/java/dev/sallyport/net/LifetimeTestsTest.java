package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long mappings live: behind a NAT that forgets, and with servers that are no help. */
@Timeout(60)
class LifetimeTestsTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofMillis(2500);
  private static final Duration BETWEEN = Duration.ofMillis(1200);
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private final List<QuietProbe> probes = new CopyOnWriteArrayList<>();

  @Test
  void aNatThatForgetsUdp_isFoundOut() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.1");
        ForgetfulNat nat = new ForgetfulNat(observer.at(0, 0), BETWEEN, FOR_EVER)) {
      test(nat.endpoint());
      assertThat(probes)
          .extracting(QuietProbe::transport, QuietProbe::quiet, QuietProbe::kept)
          .containsExactlyInAnyOrder(
              tuple(Transport.UDP, SHORT, true),
              tuple(Transport.UDP, LONG, false),
              tuple(Transport.TCP, SHORT, true),
              tuple(Transport.TCP, LONG, true));
      assertThat(probes).allMatch(probe -> probe.observer().equals(nat.endpoint()));
      assertThat(probes).extracting(QuietProbe::localPort).doesNotHaveDuplicates();
    }
  }

  @Test
  void aNatThatForgetsConnections_isFoundOut() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.1");
        ForgetfulNat nat = new ForgetfulNat(observer.at(0, 0), FOR_EVER, BETWEEN)) {
      test(nat.endpoint());
      assertThat(probes)
          .extracting(QuietProbe::transport, QuietProbe::quiet, QuietProbe::kept)
          .containsExactlyInAnyOrder(
              tuple(Transport.UDP, SHORT, true),
              tuple(Transport.UDP, LONG, true),
              tuple(Transport.TCP, SHORT, true),
              tuple(Transport.TCP, LONG, false));
    }
  }

  @Test
  void aServerThatKnowsNoResponsePort_saysNothingOfUdp() throws Exception {
    try (StunDouble server = new StunDouble()) {
      test(server.endpoint());
      assertThat(probes)
          .extracting(QuietProbe::transport, QuietProbe::quiet, QuietProbe::kept)
          .containsExactlyInAnyOrder(
              tuple(Transport.TCP, SHORT, true), tuple(Transport.TCP, LONG, true));
    }
  }

  @Test
  void aServerThatFallsSilentOrHangsUp_isNoSignOfALoss() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.1");
        ForgetfulNat path = new ForgetfulNat(observer.at(0, 0), FOR_EVER, FOR_EVER)) {
      CompletableFuture<Void> done = start(path.endpoint());
      while (probes.stream().filter(QuietProbe::kept).count() < 2) {
        Thread.onSpinWait();
      }
      observer.responder.close();
      done.get(30, TimeUnit.SECONDS);
      assertThat(probes).allMatch(QuietProbe::kept).hasSize(2);
    }
  }

  @Test
  void aServerThatTalksUnasked_isNoSignOfALoss() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (StunDouble server = new StunDouble()) {
      server.udp = StunDouble.silent();
      server.tcp =
          (request, client, out) -> {
            asked.incrementAndGet();
            out.send(StunMessage.success(request.id(), client).encode());
            out.send(StunMessage.success(request.id(), client).encode());
          };
      test(server.endpoint());
      assertThat(asked).hasValue(2);
      assertThat(probes).isEmpty();
    }
  }

  @Test
  void closed_itEndsAtOnce() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.1")) {
      NatInquiry inquiry = inquiry(observer.at(0, 0));
      CompletableFuture<Void> done =
          inquiry.testLifetime(List.of(FOR_EVER), probes::add).toCompletableFuture();
      assertThat(done).isNotDone();
      inquiry.close();
      done.get(10, TimeUnit.SECONDS);
      assertThat(probes).isEmpty();
    }
  }

  private void test(Endpoint server) throws Exception {
    start(server).get(40, TimeUnit.SECONDS);
  }

  private CompletableFuture<Void> start(Endpoint server) {
    return inquiry(server).testLifetime(List.of(SHORT, LONG), probes::add).toCompletableFuture();
  }

  private static NatInquiry inquiry(Endpoint server) {
    return StunInquiry.of(List.of(HostPort.parse(server.toString())), new NameLookup()).getFirst();
  }
}
