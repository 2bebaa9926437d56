package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.net.DialBack.Outcome;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Dial-backs arrive at the asker, and nowhere else. */
class DialBackTest {
  private static final String A = "127.0.0.1";
  private static final String B = "127.0.0.2";
  private static final Duration LONG = Duration.ofSeconds(20);

  @Test
  void whoListens_isReached_fromAnotherPortAndFromTheOtherAddress() throws Exception {
    int punchPort = Loopback.freePort();
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        ServerSocketChannel listener = PunchSockets.listener(punchPort, true)) {
      listener.configureBlocking(true);
      ObserverProbe.Sighting seen =
          ObserverProbe.ask(
              punchPort,
              observer.at(0, 0),
              List.of(Vantage.OTHER_PORT, Vantage.OTHER_ADDRESS),
              LONG);
      assertThat(seen.observed()).isEqualTo(Loopback.at(punchPort));
      assertThat(seen.other()).isEqualTo(observer.at(1, 1));
      assertThat(seen.dialBacks()).extracting(DialBack::from).containsExactly(Vantage.values());
      for (DialBack dialBack : seen.dialBacks()) {
        assertThat(dialBack.outcome()).isEqualTo(Outcome.ARRIVED);
        Endpoint source = Objects.requireNonNull(dialBack.source());
        boolean same = dialBack.from() == Vantage.OTHER_PORT;
        assertThat(source.address()).isEqualTo(Observer.ip(same ? A : B));
        assertThat(source.port()).isNotIn(observer.port, observer.port + 1);
        try (SocketChannel arrived = listener.accept()) {
          assertThat(arrived.getRemoteAddress()).isEqualTo(source.toSocketAddress());
          assertThat(Channels.newInputStream(arrived).read()).as("it says nothing").isEqualTo(-1);
        }
      }
    }
  }

  @Test
  void whoDoesNotListen_learnsThatItWasRefused() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A)) {
      ObserverProbe.Sighting seen =
          ObserverProbe.ask(
              0, observer.at(0, 0), List.of(Vantage.OTHER_PORT, Vantage.OTHER_ADDRESS), LONG);
      assertThat(seen.dialBacks())
          .extracting(DialBack::outcome)
          .as("there is no other address here")
          .containsExactly(Outcome.REFUSED, Outcome.NOT_POSSIBLE);
    }
  }

  @Test
  void silence_isReportedInTime_andHoldsUpNobodyButItsOwnSource() throws Exception {
    Duration dialTime = Duration.ofSeconds(2);
    ResponderLimits limits =
        new ResponderLimits(
            8, 8, Duration.ofSeconds(30), 100, 1000, dialTime, dialTime, 4, 1, 8, 80);
    int punchPort = Loopback.freePort();
    try (Observer observer = new Observer(limits, A);
        Deaf listener = new Deaf(punchPort);
        SocketChannel slow = PunchSockets.dialer(observer.at(0, 0), punchPort);
        Socket same = observer.connect(A);
        Socket other = observer.connect(B)) {
      slow.connect(observer.at(0, 0).toSocketAddress());
      assertThat(Observer.ask(slow.socket(), StunRequest.plain())).isNotNull();
      StunRequest first = StunRequest.dialBack(DialBackOrder.of(Vantage.OTHER_PORT));
      Observer.say(slow.socket(), first.encode());
      Observer.say(slow.socket(), StunRequest.plain().encode());
      // Two answers later the observer has come upon that question, whoever's it looked at first.
      assertThat(Observer.ask(same, StunRequest.plain())).isNotNull();
      assertThat(Observer.ask(same, StunRequest.plain())).isNotNull();

      assertThat(dialBack(same)).isEqualTo(Outcome.LIMITED);
      assertThat(dialBack(other)).isEqualTo(Outcome.REFUSED);

      StunMessage answer = Objects.requireNonNull(Observer.hear(slow.socket()));
      DialBack result = Objects.requireNonNull(answer.dialBack());
      assertThat(answer.id()).isEqualTo(first.id());
      assertThat(result.outcome()).isEqualTo(Outcome.SILENT);
      assertThat(result.took()).isBetween(dialTime, LONG);
      assertThat(Objects.requireNonNull(Observer.hear(slow.socket())).mapped())
          .as("the question that waited")
          .isEqualTo(Loopback.at(punchPort));
      assertThat(dialBack(same)).as("afterwards").isEqualTo(Outcome.REFUSED);
      assertThat(listener.isOpen()).isTrue();
    }
  }

  @Test
  void anObserverWaits_asLongAsItIsAsked_andNoLongerThanItLikes() throws Exception {
    Duration longest = Duration.ofMillis(1500);
    ResponderLimits limits =
        new ResponderLimits(
            8, 8, Duration.ofSeconds(30), 100, 1000, Duration.ofMillis(700), longest, 4, 4, 80, 80);
    int punchPort = Loopback.freePort();
    try (Observer observer = new Observer(limits, A);
        Deaf listener = new Deaf(punchPort);
        SocketChannel asker = PunchSockets.dialer(observer.at(0, 0), punchPort)) {
      asker.connect(observer.at(0, 0).toSocketAddress());
      for (int[] wishAndWait : new int[][] {{0, 700}, {300, 300}, {65_000, 1500}}) {
        Duration wish = Duration.ofMillis(wishAndWait[0]);
        StunRequest request = StunRequest.dialBack(new DialBackOrder(Vantage.OTHER_PORT, wish));
        StunMessage answer = Objects.requireNonNull(Observer.ask(asker.socket(), request));
        DialBack result = Objects.requireNonNull(answer.dialBack());
        assertThat(result.outcome()).isEqualTo(Outcome.SILENT);
        assertThat(result.took())
            .isGreaterThanOrEqualTo(Duration.ofMillis(wishAndWait[1]))
            .isLessThan(LONG);
      }
      assertThat(listener.isOpen()).isTrue();
    }
  }

  private static Outcome dialBack(Socket socket) throws Exception {
    StunRequest request = StunRequest.dialBack(DialBackOrder.of(Vantage.OTHER_PORT));
    StunMessage answer = Objects.requireNonNull(Observer.ask(socket, request));
    return Objects.requireNonNull(answer.dialBack()).outcome();
  }

  /** A listener whose backlog is full lets SYNs drop, as a NAT that filters does. */
  private static final class Deaf implements AutoCloseable {
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final List<SocketChannel> fillers = new ArrayList<>();

    Deaf(int port) throws IOException {
      listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      listener.bind(new InetSocketAddress(Observer.ip(A), port), 1);
      for (int i = 0; i < 4; i++) {
        SocketChannel filler = SocketChannel.open();
        filler.configureBlocking(false);
        filler.connect(listener.getLocalAddress());
        fillers.add(filler);
      }
    }

    boolean isOpen() {
      return listener.isOpen();
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel filler : fillers) {
        filler.close();
      }
      listener.close();
    }
  }

  @Test
  void whoPutsAnAddressIntoHisQuestion_getsNoDialBack_andNeitherDoesTheAddress() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        ServerSocket victim = new ServerSocket(0, 8, Observer.ip("127.0.0.3"));
        Socket attacker = observer.connect(A)) {
      Endpoint aim = new Endpoint(victim.getInetAddress(), victim.getLocalPort());
      TransactionId id = TransactionId.next();
      byte[] bits = DialBackOrder.of(Vantage.OTHER_ADDRESS).encode();
      List<byte[]> values =
          List.of(
              StunWire.address(aim),
              StunWire.xorAddress(aim, id),
              new ByteWriter().bytes(bits).bytes(StunWire.address(aim)).toByteArray(),
              new byte[0],
              new byte[] {0, 0, 0, 6});
      for (byte[] value : values) {
        ByteWriter attributes = new ByteWriter();
        StunWire.put(attributes, StunWire.DIAL_BACK, value);
        Observer.say(attacker, StunWire.message(0x0001, id, attributes, false));
        StunMessage answer = Objects.requireNonNull(Observer.hear(attacker));
        assertThat(answer.mapped()).isEqualTo(Observer.local(attacker));
        assertThat(answer.dialBack()).isNull();
      }
      // Next to a proper question, addresses of all kinds change nothing about who is dialled.
      ByteWriter attributes = new ByteWriter();
      for (int type : new int[] {0x8023, 0x802b, 0x802c, 0xc001}) {
        StunWire.put(attributes, type, StunWire.address(aim));
      }
      StunWire.put(attributes, StunWire.DIAL_BACK, bits);
      Observer.say(attacker, StunWire.message(0x0001, id, attributes, false));
      StunMessage answer = Objects.requireNonNull(Observer.hear(attacker));
      assertThat(Objects.requireNonNull(answer.dialBack()).outcome()).isEqualTo(Outcome.REFUSED);
      assertNobodyCame(victim);
    }
  }

  @Test
  void overUdp_whereASourceCanBeForged_nobodyIsDialled() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        DatagramSocket asker = new DatagramSocket(new InetSocketAddress(Observer.ip(A), 0));
        ServerSocket listener = new ServerSocket(asker.getLocalPort(), 8, Observer.ip(A))) {
      for (Vantage from : Vantage.values()) {
        Observer.Reply reply =
            observer.askOverUdp(
                asker, StunRequest.dialBack(DialBackOrder.of(from)), observer.at(0, 0));
        assertThat(reply.message().mapped()).isEqualTo(Loopback.at(asker.getLocalPort()));
        assertThat(reply.message().dialBack()).isNull();
      }
      assertNobodyCame(listener);
    }
  }

  /** The answers have come, and a dial on loopback takes no time once it is made. */
  private static void assertNobodyCame(ServerSocket listener) throws IOException {
    listener.setSoTimeout(300);
    try (Socket came = listener.accept()) {
      throw new AssertionError("dialled by " + came.getRemoteSocketAddress());
    } catch (SocketTimeoutException e) {
      assertThat(listener.isClosed()).isFalse();
    }
  }

  @Test
  void hammering_bringsNobodyMoreThanHisShare_andTakesNothingFromTheOthers() throws Exception {
    ResponderLimits limits =
        new ResponderLimits(
            256,
            8,
            Duration.ofSeconds(30),
            1000,
            9000,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            8,
            1,
            4,
            20);
    try (Observer observer = new Observer(limits, A)) {
      List<Outcome> greedy = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        greedy.addAll(dialBacks(observer, "127.0.0.9", 10));
      }
      // A minute's worth, and what has grown back during the test at four a minute.
      assertThat(greedy).filteredOn(o -> o != Outcome.LIMITED).hasSizeBetween(4, 6);
      assertThat(greedy).contains(Outcome.LIMITED).hasSize(100);
      assertThat(dialBacks(observer, "127.0.0.8", 2))
          .containsExactly(Outcome.REFUSED, Outcome.REFUSED);
    }
  }

  private static List<Outcome> dialBacks(Observer observer, String from, int count)
      throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    try (Socket socket = observer.connect(from)) {
      for (int i = 0; i < count; i++) {
        outcomes.add(dialBack(socket));
      }
    }
    return outcomes;
  }

  @Test
  void anyLoad_staysWithinTheLimits_andAQuietSourceIsAlwaysServed() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    SourceLimit limit = ResponderLimits.USUAL.dialLimit();
    Map<Integer, Integer> granted = new HashMap<>();
    Instant now = Instant.EPOCH;
    int minutes = 30;
    int quiet = 0;
    for (int i = 0; i < minutes * 60 * 20; i++) {
      now = now.plusMillis(50);
      // Ten sources that ask twice a tick, all from addresses of their own /64.
      for (int n = 0; n < 2; n++) {
        int source = random.nextInt(10);
        String address = "2001:db8:0:" + source + "::" + Integer.toHexString(random.nextInt(9999));
        if (limit.take(Observer.ip(address), now)) {
          granted.merge(source, 1, Integer::sum);
        }
      }
      if (i % 1200 == 7) {
        quiet += limit.take(Observer.ip("192.0.2.7"), now) ? 1 : 0;
      }
    }
    int each = ResponderLimits.USUAL.sourceDialsPerMinute() * (minutes + 1);
    assertThat(granted.values()).as("seed %d", seed).allMatch(count -> count <= each);
    assertThat(quiet).as("seed %d", seed).isEqualTo(minutes);

    SourceLimit all = ResponderLimits.USUAL.dialLimit();
    int total = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] raw = {(byte) 198, 18, (byte) random.nextInt(256), (byte) random.nextInt(256)};
      total +=
          all.take(IpLiteral.of(raw), Instant.EPOCH.plusMillis(60L * 1000 * i / 100_000)) ? 1 : 0;
    }
    assertThat(total)
        .as("a minute of a whole /16, seed %d", seed)
        .isLessThanOrEqualTo(2 * ResponderLimits.USUAL.dialsPerMinute());
  }

  @Test
  void everyDialFailure_hasItsOutcome_andEveryOutcomeIsReadBack() throws Exception {
    EnumSet<Outcome> told = EnumSet.noneOf(Outcome.class);
    for (DialFailure failure : DialFailure.values()) {
      for (RefusalSign sign : RefusalSign.values()) {
        told.add(Outcome.of(failure, sign));
      }
    }
    assertThat(told)
        .containsExactly(
            Outcome.REFUSED,
            Outcome.SILENT,
            Outcome.UNREACHABLE,
            Outcome.NOT_POSSIBLE,
            Outcome.REJECTED);
    TransactionId id = TransactionId.next();
    for (Outcome outcome : Outcome.values()) {
      for (Vantage from : Vantage.values()) {
        for (DialBack dialBack :
            Arrays.asList(
                DialBack.none(from, outcome),
                DialBack.done(
                    from, outcome, Endpoint.parse("[2001:db8::1]:9"), Duration.ofDays(1)))) {
          assertThat(DialBack.decode(dialBack.encode(id), id)).isEqualTo(dialBack);
        }
      }
    }
  }

  @Test
  void aServerThatCannotDialBack_isStillAnObserver() throws Exception {
    try (StunDouble server = new StunDouble()) {
      ObserverProbe.Sighting seen =
          ObserverProbe.ask(0, server.endpoint(), List.of(Vantage.values()), LONG);
      assertThat(seen.observed()).isEqualTo(Loopback.at(seen.localPort()));
      assertThat(seen.dialBacks()).isEmpty();
    }
  }
}
