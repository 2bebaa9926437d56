package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.app.runner.NatRunner.News;
import dev.sallyport.app.runner.NatRunner.Result;
import dev.sallyport.app.runner.NatRunner.Settings;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.PunchTransport.PortUnavailableException;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NatRunnerTest {
  private static final Settings PATIENT =
      new Settings(Depth.FULL, Duration.ofSeconds(20), NatRunner.PUNCH_PORTS);
  private static final Settings HASTY = new Settings(Depth.FULL, Duration.ofMillis(300), 1);
  private InetAddress home = Objects.requireNonNull(IpLiteral.parse("192.168.1.2"));

  private final FakeNet net = new FakeNet();
  private @Nullable Remembered remembered;
  private final List<News> news = new CopyOnWriteArrayList<>();

  @Test
  void twoObservers_sayWhatTheNatIs_andTheNewsComesInBetween() throws Exception {
    FakeInquiry a = FakeInquiry.honest("192.0.2.1:3478");
    FakeInquiry b = FakeInquiry.honest("192.0.2.2:3478");
    Result result = run(PATIENT, List.of(a, b), List.of());

    assertThat(result.diagnosis().profile().tcpMapping().is(Behavior.ENDPOINT_INDEPENDENT))
        .isTrue();
    assertThat(result.diagnosis().profile().allocation().value())
        .isInstanceOf(PortAllocation.Preserving.class);
    assertThat(result.diagnosis().translated().is(true)).isTrue();
    assertThat(result.hostAddresses()).containsExactly(home);
    assertThat(result.localPorts()).hasSize(NatRunner.PUNCH_PORTS);
    assertThat(result.sources()).extracting(SourceReport::name).containsExactly(a.name(), b.name());
    assertThat(result.evidence()).hasSize(6);
    assertThat(result.hairpin()).as("not tested").isNull();
    assertThat(result.took()).isLessThan(PATIENT.deadline());
    assertThat(news.getFirst()).isEqualTo(new News.HostAddresses(List.of(home)));
    assertThat(news).filteredOn(News.Learnt.class::isInstance).hasSize(6);
    assertThat(news)
        .filteredOn(News.Answered.class::isInstance)
        .extracting(answered -> ((News.Answered) answered).source().name())
        .containsExactlyInAnyOrder(a.name(), b.name());
  }

  @Test
  void whatItFound_isRemembered_butNotWhatACancelledRunFound() throws Exception {
    List<NatInquiry> inquiries =
        List.of(FakeInquiry.honest("192.0.2.1:3478"), FakeInquiry.honest("192.0.2.2:3478"));
    Result result = run(PATIENT, inquiries, List.of());
    Remembered learnt = Objects.requireNonNull(remembered);
    assertThat(learnt.network()).isEqualTo(new NetworkId(home));
    assertThat(learnt.profile().tcpMapping()).isEqualTo(result.diagnosis().profile().tcpMapping());
    remembered = null;
    try (NatRunner runner =
        new NatRunner(ports(List.of(home), inquiries, List.of()), PATIENT, news::add)) {
      runner.cancel();
      var unused = runner.run();
    }
    assertThat(remembered).isNull();
  }

  @Test
  void eachObserverGetsFilterPortsOfItsOwn() throws Exception {
    FakeInquiry a = FakeInquiry.honest("192.0.2.1:3478");
    FakeInquiry b = FakeInquiry.honest("192.0.2.2:3478");
    Result result = run(PATIENT, List.of(a, b), List.of());
    NatInquiry.Question first = a.asked.getFirst();
    NatInquiry.Question second = b.asked.getFirst();
    assertThat(first.mappingPorts()).isEqualTo(result.localPorts());
    assertThat(second.mappingPorts()).isEqualTo(result.localPorts());
    assertThat(first.filterPorts())
        .hasSize(2)
        .doesNotContainAnyElementsOf(second.filterPorts())
        .doesNotContainAnyElementsOf(result.localPorts());
  }

  @Test
  void withNobodyToAsk_itIsOverAtOnce_andKnowsNothing() throws Exception {
    Result result = run(PATIENT, List.of(), List.of());
    assertThat(result.isUnanswered()).isTrue();
    assertThat(result.isOffline()).isFalse();
    assertThat(result.diagnosis().profile().tcpMapping().isKnown()).isFalse();
    assertThat(result.took()).isLessThan(PATIENT.deadline());
  }

  @Test
  void withoutANetwork_itSaysSo_andAsksNoDht() throws Exception {
    Dht dht = new Dht();
    try (NatRunner runner =
        new NatRunner(
            ports(List.of(), List.of(FakeInquiry.silent("192.0.2.1:3478")), List.of(dht)),
            HASTY,
            news::add)) {
      Result result = runner.run();
      assertThat(result.isOffline()).isTrue();
      assertThat(result.isUnanswered()).isTrue();
      assertThat(result.sources()).hasSize(1);
      assertThat(dht.asked).hasValue(0);
    }
  }

  @Test
  void aSourceThatSaysNothing_isReportedSo_whenTimeIsUp() throws Exception {
    FakeInquiry dead = FakeInquiry.silent("192.0.2.9:3478");
    Result result = run(HASTY, List.of(dead, FakeInquiry.honest("192.0.2.1:3478")), List.of());
    assertThat(result.sources()).extracting(SourceReport::hasAnswered).containsExactly(false, true);
    assertThat(Objects.requireNonNull(result.sources().getFirst().tcp()).problem())
        .isEqualTo("not through in time");
    assertThat(result.took()).isGreaterThanOrEqualTo(HASTY.deadline());
  }

  @Test
  void theDht_isASourceOfItsOwn() throws Exception {
    Result result = run(PATIENT, List.of(), List.of(new Dht()));
    SourceReport dht = result.sources().getFirst();
    assertThat(dht.kind()).isEqualTo(Observation.Source.DHT);
    assertThat(dht.answered()).isEqualTo(2);
    assertThat(dht.asked()).isEqualTo(5);
    assertThat(dht.tcp()).isNull();
    assertThat(Objects.requireNonNull(dht.udp()).roundTrip()).isEqualTo(Duration.ofMillis(3));
    assertThat(result.diagnosis().udpWitnesses()).isEqualTo(2);
  }

  @Test
  void cancelled_itEndsWithWhatIsKnown() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FakeInquiry slow =
        new FakeInquiry("192.0.2.1:3478", (question, sink, report) -> asked.countDown());
    try (NatRunner runner =
        new NatRunner(ports(List.of(home), List.of(slow), List.of()), PATIENT, news::add)) {
      Thread canceller =
          new Thread(
              () -> {
                try {
                  asked.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                runner.cancel();
              });
      canceller.start();
      Result result = runner.run();
      assertThat(result.took()).isLessThan(PATIENT.deadline());
      assertThat(result.isUnanswered()).isTrue();
      canceller.join();
    }
  }

  @Test
  void whoComesIn_isFoundByTheInquiry_andAllSocketsAreClosedAtTheEnd() throws Exception {
    AtomicReference<@Nullable CompletableFuture<Boolean>> came = new AtomicReference<>();
    AtomicReference<@Nullable CompletableFuture<Boolean>> other = new AtomicReference<>();
    FakeInquiry inquiry =
        new FakeInquiry(
            "192.0.2.1:3478",
            (question, sink, report) -> {
              int port = question.filterPorts().getFirst();
              Duration soon = Duration.ofMillis(20);
              CompletionStage<Boolean> waiting =
                  question.arrivals().arrives(port, from -> true, Duration.ofSeconds(20));
              FakeNet.Connection guest = net.connect(port);
              came.set(waiting.toCompletableFuture());
              int wrong = question.filterPorts().getLast();
              CompletableFuture<Boolean> nobody =
                  question.arrivals().arrives(wrong, from -> true, soon).toCompletableFuture();
              other.set(nobody);
              assertThat(question.arrivals().arrives(port, guest.local()::equals, soon))
                  .as("came in already")
                  .isCompletedWithValue(true);
              var unused =
                  nobody.thenRun(
                      () ->
                          report.complete(
                              FakeInquiry.report(
                                  Endpoint.parse("192.0.2.1:3478"),
                                  SourceReport.Contact.answered(soon),
                                  1)));
            });
    Result result = run(PATIENT, List.of(inquiry), List.of());
    assertThat(result.sources().getFirst().hasAnswered()).isTrue();
    assertThat(Objects.requireNonNull(came.get()).get(1, TimeUnit.SECONDS)).isTrue();
    assertThat(Objects.requireNonNull(other.get()).get(1, TimeUnit.SECONDS)).isFalse();
    assertThat(net.open()).as("the guest's own end").isEqualTo(1);
  }

  @Test
  void newsThatIsNotHandled_changesNothing() throws Exception {
    try (NatRunner runner =
        new NatRunner(
            ports(
                List.of(home),
                List.of(FakeInquiry.honest("192.0.2.1:3478"), FakeInquiry.honest("192.0.2.2:3478")),
                List.of()),
            PATIENT,
            what -> {
              throw new IllegalStateException("a clumsy listener");
            })) {
      assertThat(runner.run().diagnosis().tcpWitnesses()).isEqualTo(2);
    }
  }

  @Test
  void hairpin_isTested_whereTheMappingIsTheSameForAll() throws Exception {
    List<NatInquiry> inquiries =
        List.of(FakeInquiry.honest("192.0.2.1:3478"), FakeInquiry.honest("192.0.2.2:3478"));
    Settings thorough = new Settings(Depth.THOROUGH, Duration.ofSeconds(20), 1);
    // The fake net connects whoever dials a port that is listened on, from 127.0.0.1.
    assertThat(run(thorough, inquiries, List.of()).hairpin())
        .as("who came in was somebody else")
        .isNull();
    home = Objects.requireNonNull(IpLiteral.parse("127.0.0.1"));
    assertThat(run(thorough, inquiries, List.of()).hairpin()).isEqualTo(Hairpin.ARRIVES);
  }

  @Test
  void settingsThatMakeNoSense_areRefused() {
    for (Runnable wrong :
        List.<Runnable>of(
            () -> new Settings(Depth.FULL, Duration.ZERO, 1),
            () -> new Settings(Depth.FULL, Duration.ofSeconds(1), 0),
            () -> new Settings(Depth.FULL, Duration.ofSeconds(1), 17))) {
      assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void ports_areThereAgainAfterwards() throws Exception {
    Result result = run(PATIENT, List.of(FakeInquiry.honest("192.0.2.1:3478")), List.of());
    for (int port : result.localPorts()) {
      listenOn(port);
    }
  }

  private void listenOn(int port) throws PortUnavailableException {
    assertThat(net.open(new Sink()).listen(port, true)).isEqualTo(port);
  }

  private Result run(Settings settings, List<NatInquiry> inquiries, List<Reflector> witnesses)
      throws InterruptedException {
    try (NatRunner runner =
        new NatRunner(ports(List.of(home), inquiries, witnesses), settings, news::add)) {
      return runner.run();
    }
  }

  private Ports ports(
      List<InetAddress> addresses, List<NatInquiry> inquiries, List<Reflector> witnesses) {
    return new Ports(
        new MemRendezvous(new MemRendezvous.Network(Instant::now)),
        net,
        () -> addresses,
        List.of(),
        witnesses,
        inquiries,
        new NatMemory() {
          @Override
          public @Nullable Remembered recall(NetworkId network, Instant now) {
            throw new AssertionError("it measures");
          }

          @Override
          public void remember(Remembered learnt) {
            remembered = learnt;
          }
        },
        net,
        net,
        new JdkSealer(),
        new Random(1),
        Instant::now);
  }

  private static final class Sink implements PunchTransport.Sink {
    @Override
    public void accepted(int port, RawConnection connection) {}

    @Override
    public void connected(SocketId id, RawConnection connection) {}

    @Override
    public void failed(SocketId id, DialFailure failure) {}
  }

  /** Two of five nodes answer. */
  private static final class Dht implements Reflector {
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink) {
      asked.incrementAndGet();
      sink.accept(view("198.51.100.1:6881", 8));
      sink.accept(view("203.0.113.9:6881", 3));
      return CompletableFuture.completedStage(new Survey(2, 5));
    }

    private static Observation view(String node, int millis) {
      return new Observation(
          49_001,
          Endpoint.parse("203.0.113.7:49001"),
          Transport.UDP,
          Endpoint.parse(node),
          Observation.Source.DHT,
          Duration.ofMillis(millis));
    }

    @Override
    public void close() {}
  }
}
