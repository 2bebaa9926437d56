package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.app.storage.NatMemoryFile;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.domain.wire.MalformedException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one run learns of the NAT, and what the next one says of it at once. */
@Timeout(60)
class NatMemoryTest {
  private static final Sealer SEALER = new JdkSealer();
  private static final InetAddress HOST = address("192.168.1.2");

  private final Supplier<Instant> clock = new MonotonicClock();
  private final MemRendezvous.Network rendezvous = new MemRendezvous.Network(clock);
  private final FakeNet net = new FakeNet();
  private final Random random = new Random(7);
  private final Identity identity = Identity.fromSeed(secret(), SEALER);
  private final Secret32 knockPrivate = secret();
  private final ServiceId id = ServiceId.of(ServiceName.DEFAULT, identity.key());
  private final TlsIdentity serviceTls = tls();
  private final List<Progress> serviceProgress = new CopyOnWriteArrayList<>();
  private final List<ServiceRecord> records = new CopyOnWriteArrayList<>();
  private final List<NatInquiry> inquiries = new CopyOnWriteArrayList<>();
  private volatile InetAddress host = HOST;
  private final List<Knock> knocks = new CopyOnWriteArrayList<>();
  private final ServeRunner service =
      new ServeRunner(
          ports(NatMemory.NONE),
          serviceTls,
          false,
          serviceProgress::add,
          peer -> new QuietListener());

  @TempDir Path cache;

  @BeforeEach
  void serve() throws Exception {
    start(service);
    await().until(() -> serviceProgress.stream().anyMatch(Progress.Registered.class::isInstance));
  }

  private void start(ServeRunner runner) throws Exception {
    int port = runner.listen(0);
    ServeSettings settings =
        new ServeSettings(
            ServiceName.DEFAULT,
            identity,
            serviceTls.key(),
            knockPrivate,
            port,
            List.of(FakeNet.loopback(port)),
            AllowList.EVERYBODY,
            LadderPolicy.DEFAULT,
            PunchPolicy.DEFAULT,
            new BurstGuard());
    var unused = RealService.inBackground(() -> runner.run(settings));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aSecondCall_knocksAtOnce_withTheProfileThatTheFirstHadLearnt() throws Exception {
    call(memory(), "203.0.113.7", "192.0.2.1:3478", "192.0.2.2:3478");
    assertThat(knocks.getFirst().profile().tcpMapping().isKnown()).isTrue();
    await().until(() -> recalled(HOST) != null);
    knocks.clear();
    // One observer alone tells where we are, but nothing of the mapping.
    call(memory(), "203.0.113.7", "192.0.2.1:3478");
    assertThat(knocks.getFirst().profile().tcpMapping())
        .isEqualTo(Finding.of(Behavior.ENDPOINT_INDEPENDENT, 60));
  }

  @Test
  void underAnotherExternalAddress_theKnockSaysNothingOfIt() throws Exception {
    call(memory(), "203.0.113.7", "192.0.2.1:3478", "192.0.2.2:3478");
    await().until(() -> recalled(HOST) != null);
    knocks.clear();
    call(memory(), "198.51.100.7", "192.0.2.1:3478");
    assertThat(knocks.getFirst().profile().tcpMapping().isKnown()).isFalse();
  }

  @Test
  void whoGetsIn_whichACallNeverFindsOut_isInItsFirstKnock_afterANatRun() throws Exception {
    memory().remember(filtering());
    call(memory(), "203.0.113.7", "192.0.2.1:3478", "192.0.2.2:3478");
    assertThat(knocks.getFirst().profile().tcpFiltering())
        .isEqualTo(Finding.of(Behavior.ADDRESS_DEPENDENT, 60));
    assertThat(knocks.getFirst().profile().tcpMapping().confidence()).isEqualTo(80);
  }

  @Test
  void aRestartedService_saysItInItsFirstRecord() throws Exception {
    service.cancel();
    service.close();
    memory().remember(filtering());
    records.clear();
    try (ServeRunner restarted =
        new ServeRunner(
            ports(memory(), new Mirror("192.0.2.1:3478", "203.0.113.7")),
            serviceTls,
            false,
            progress -> {},
            peer -> new QuietListener())) {
      start(restarted);
      await().until(() -> !records.isEmpty());
      assertThat(records.getFirst().profile().tcpFiltering())
          .isEqualTo(Finding.of(Behavior.ADDRESS_DEPENDENT, 60));
    }
  }

  @Test
  void inAnotherNetwork_whatIsKnownOfThatCounts_andItsNatIsStudiedToo() throws Exception {
    service.cancel();
    service.close();
    memory().remember(filtering());
    inquiries.add(FakeInquiry.honest("192.0.2.1:3478"));
    inquiries.add(FakeInquiry.honest("192.0.2.2:3478"));
    host = address("10.0.0.9");
    try (ServeRunner laptop =
        new ServeRunner(
            ports(memory(), new Mirror("192.0.2.1:3478", "203.0.113.7")),
            serviceTls,
            false,
            serviceProgress::add,
            peer -> new QuietListener(),
            Duration.ofMillis(20))) {
      start(laptop);
      await().until(() -> recalled(host) != null);
      assertThat(latestNetwork().profile().tcpFiltering().isKnown()).isFalse();
      host = HOST;
      await().until(() -> latestNetwork().local().getFirst().address().equals(HOST));
      assertThat(latestNetwork().profile().tcpFiltering().is(Behavior.ADDRESS_DEPENDENT)).isTrue();
      await().until(() -> Objects.requireNonNull(recalled(HOST)).profile().tcpMapping().isKnown());
    }
  }

  private Progress.Network latestNetwork() {
    return serviceProgress.stream()
        .filter(Progress.Network.class::isInstance)
        .map(Progress.Network.class::cast)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private Remembered filtering() {
    NatProfile profile =
        new NatProfile(
            Finding.unknown(),
            Finding.unknown(),
            Finding.of(Behavior.ADDRESS_DEPENDENT, 80),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            false,
            false);
    return new Remembered(new NetworkId(HOST), address("203.0.113.7"), profile, clock.get());
  }

  private void call(NatMemory memory, String external, String... observers) throws Exception {
    Reflector[] reflectors =
        Arrays.stream(observers).map(o -> new Mirror(o, external)).toArray(Reflector[]::new);
    try (CallRunner call =
        new CallRunner(
            ports(memory, reflectors),
            new CallRunner.Settings(
                id,
                Identity.fromSeed(secret(), SEALER),
                tls(),
                LadderPolicy.DEFAULT,
                PunchPolicy.DEFAULT,
                new BurstGuard(),
                Duration.ofSeconds(30)),
            progress -> {},
            new QuietListener())) {
      assertThat(call.run().outcome()).isInstanceOf(CallOutcome.Linked.class);
    }
  }

  private NatMemory memory() {
    return new NatMemoryFile(cache.resolve("nat-memory"));
  }

  private @Nullable Remembered recalled(InetAddress of) {
    return memory().recall(new NetworkId(of), clock.get());
  }

  private Ports ports(NatMemory memory, Reflector... reflectors) {
    return new Ports(
        new Wiretapped(new MemRendezvous(rendezvous)),
        net,
        () -> List.of(host),
        List.of(reflectors),
        List.of(),
        inquiries,
        memory,
        net,
        net,
        SEALER,
        random,
        clock);
  }

  private TlsIdentity tls() {
    return Secrets.tls(SEALER, random);
  }

  private Secret32 secret() {
    return Secrets.next(random);
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  /** Reads every knock and every record that is left. */
  private final class Wiretapped extends DelegatingRendezvous {
    Wiretapped(Rendezvous member) {
      super(member);
    }

    @Override
    public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
      for (LocalDate day : DayKeys.daysToServe(clock.get())) {
        DayKeys keys = DayKeys.of(id, day, SEALER);
        if (keys.slot().equals(slot)) {
          try {
            records.add(ServiceRecord.open(item, id, keys, SEALER, clock.get()));
          } catch (MalformedException e) {
            throw new AssertionError(e);
          }
        }
      }
      return super.publish(slot, item, sequence);
    }

    @Override
    public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
      try {
        knocks.add(Knock.open(knock, id, knockPrivate, SEALER, clock.get()).knock());
      } catch (MalformedException e) {
        throw new AssertionError(e);
      }
      return super.knock(mailbox, knock, expires);
    }
  }

  /** One observer, and a NAT that has one address and keeps ports. */
  private record Mirror(String observer, String external) implements Reflector {
    @Override
    public CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink) {
      sink.accept(
          new Observation(
              localPort,
              Endpoint.parse(external + ":" + localPort),
              Transport.TCP,
              Endpoint.parse(observer),
              Observation.Source.STUN,
              Duration.ofMillis(1)));
      return CompletableFuture.completedStage(new Survey(1, 1));
    }

    @Override
    public void close() {}
  }
}
