package dev.sallyport.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The observer as a STUN server, on loopback. */
class StunResponderTest {
  private static final String A = "127.0.0.1";
  private static final String B = "127.0.0.2";

  @Test
  void overUdp_itTellsWhatItSees_fromTheVeryPlaceThatWasAsked() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        DatagramSocket asker = asker()) {
      for (int address = 0; address < 2; address++) {
        for (int port = 0; port < 2; port++) {
          Endpoint asked = observer.at(address, port);
          StunRequest request = StunRequest.plain();
          Observer.Reply reply = observer.askOverUdp(asker, request, asked);
          assertThat(reply.from()).isEqualTo(asked);
          assertThat(reply.message())
              .isEqualTo(
                  StunMessage.success(
                      request.id(), local(asker), asked, observer.at(1 - address, 1 - port), null));
        }
      }
    }
  }

  @Test
  void changeRequest_isAnsweredFromTheOtherPlace() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        DatagramSocket asker = asker()) {
      Endpoint asked = observer.at(0, 0);
      assertThat(observer.askOverUdp(asker, StunRequest.change(false, true), asked).from())
          .isEqualTo(observer.at(0, 1));
      assertThat(observer.askOverUdp(asker, StunRequest.change(true, false), asked).from())
          .isEqualTo(observer.at(1, 0));
      Observer.Reply both = observer.askOverUdp(asker, StunRequest.change(true, true), asked);
      assertThat(both.from()).isEqualTo(observer.at(1, 1));
      assertThat(both.message().origin()).isEqualTo(observer.at(1, 1));
      assertThat(both.message().other()).isEqualTo(observer.at(1, 1));
    }
  }

  @Test
  void withOneAddress_onlyThePortCanBeChanged_andNoOtherIsPromised() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A);
        DatagramSocket asker = asker()) {
      Endpoint asked = observer.at(0, 0);
      Observer.Reply port = observer.askOverUdp(asker, StunRequest.change(false, true), asked);
      assertThat(port.from()).isEqualTo(observer.at(0, 1));
      assertThat(port.message().other()).isNull();
      Observer.Reply address = observer.askOverUdp(asker, StunRequest.change(true, false), asked);
      assertThat(address.message().error()).isEqualTo(420);
      assertThat(address.message().unknown()).containsExactly(StunWire.CHANGE_REQUEST);
    }
  }

  @Test
  void responsePort_isAnotherPortOfTheAsker_andNeverTheObserversOwn() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        DatagramSocket asker = asker();
        DatagramSocket other = asker()) {
      for (int port : new int[] {observer.port, observer.port + 1, other.getLocalPort()}) {
        StunRequest request =
            new StunRequest(TransactionId.next(), false, false, port, null, false, List.of());
        byte[] bytes = request.encode();
        asker.send(new DatagramPacket(bytes, bytes.length, observer.at(0, 0).toSocketAddress()));
      }
      Observer.Reply reply = Observer.hear(other, Duration.ofSeconds(20));
      assertThat(reply.from()).isEqualTo(observer.at(0, 0));
      assertThat(reply.message().mapped()).isEqualTo(local(asker));
    }
  }

  @Test
  void unknownAttributes_areNamed_andOverTcpThoseOfOtherPlacesAreAmongThem() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        DatagramSocket asker = asker();
        Socket socket = observer.connect(A)) {
      StunRequest request =
          new StunRequest(
              TransactionId.next(), false, false, 0, null, true, List.of(0x0002, 0x0028, 0x7abc));
      StunMessage expected = StunMessage.error(request.id(), 420, List.of(0x0002, 0x0028, 0x7abc));
      assertThat(observer.askOverUdp(asker, request, observer.at(0, 0)).message())
          .isEqualTo(expected);
      assertThat(Observer.ask(socket, request)).isEqualTo(expected);
      assertThat(Objects.requireNonNull(Observer.ask(socket, StunRequest.change(true, true))))
          .extracting(StunMessage::unknown)
          .isEqualTo(List.of(StunWire.CHANGE_REQUEST));
      StunRequest elsewhere =
          new StunRequest(TransactionId.next(), false, false, 5000, null, false, List.of());
      assertThat(Objects.requireNonNull(Observer.ask(socket, elsewhere)).unknown())
          .containsExactly(StunWire.RESPONSE_PORT);
    }
  }

  @Test
  void overTcp_questionsInOneGoOrInPieces_areAnsweredInOrder() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        Socket socket = observer.connect(A)) {
      List<StunRequest> requests = new ArrayList<>();
      byte[] all = {};
      for (int i = 0; i < 20; i++) {
        StunRequest request = StunRequest.plain();
        requests.add(request);
        byte[] one = request.encode();
        all = Arrays.copyOf(all, all.length + one.length);
        System.arraycopy(one, 0, all, all.length - one.length, one.length);
      }
      socket.setTcpNoDelay(true);
      int cut = all.length / 2 + 7;
      for (int i = 0; i < 30; i++) {
        Observer.say(socket, new byte[] {all[i]});
      }
      Observer.say(socket, Arrays.copyOfRange(all, 30, cut));
      Observer.say(socket, Arrays.copyOfRange(all, cut, all.length));
      for (StunRequest request : requests) {
        StunMessage answer = Objects.requireNonNull(Observer.hear(socket));
        assertThat(answer.id()).isEqualTo(request.id());
        assertThat(answer.mapped()).isEqualTo(Observer.local(socket));
        assertThat(answer.origin()).isEqualTo(observer.at(0, 0));
        assertThat(answer.other()).isEqualTo(observer.at(1, 1));
      }
      socket.shutdownOutput();
      assertThat(Observer.hear(socket)).as("it closes when we have said all").isNull();
    }
  }

  @Test
  void everyAddress_worksToo_forBothFamilies() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL);
        DatagramSocket asker = asker()) {
      Endpoint asked = Loopback.at(observer.port);
      Observer.Reply reply = observer.askOverUdp(asker, StunRequest.change(false, true), asked);
      assertThat(reply.from()).isEqualTo(Loopback.at(observer.port + 1));
      assertThat(reply.message().mapped()).isEqualTo(local(asker));
      ObserverProbe.Sighting seen = ObserverProbe.ask(0, asked, List.of(), Duration.ofSeconds(20));
      assertThat(seen.observed()).isEqualTo(Loopback.at(seen.localPort()));
      assertThat(seen.other()).isNull();
    }
  }

  @Test
  void garbage_answersAndTheOversize_getNoAnswerOverUdp() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B);
        DatagramSocket asker = asker()) {
      List<byte[]> silent = new ArrayList<>();
      silent.add(new byte[0]);
      silent.add(StunMessage.success(TransactionId.next(), Loopback.at(1)).encode());
      silent.add(StunMessage.error(TransactionId.next(), 500).encode());
      byte[] indication = StunRequest.plain().encode();
      indication[1] = 0x11;
      silent.add(indication);
      silent.add(Arrays.copyOf(StunRequest.plain().encode(), 4000));
      byte[] wrongFingerprint =
          new StunRequest(TransactionId.next(), false, false, 0, null, true, List.of()).encode();
      wrongFingerprint[wrongFingerprint.length - 1] ^= 1;
      silent.add(wrongFingerprint);
      for (int i = 0; i < 100; i++) {
        byte[] bytes = new byte[random.nextInt(100)];
        random.nextBytes(bytes);
        silent.add(bytes);
      }
      for (byte[] bytes : silent) {
        asker.send(new DatagramPacket(bytes, bytes.length, observer.at(0, 0).toSocketAddress()));
      }
      StunRequest last = StunRequest.plain();
      assertThat(observer.askOverUdp(asker, last, observer.at(0, 0)).message().id())
          .as("the first answer is to the last, seed %d", seed)
          .isEqualTo(last.id());
    }
  }

  @Test
  void answersOverUdp_areHardlyLongerThanTheirQuestions() throws Exception {
    ObserverPlaces places =
        new ObserverPlaces(List.of(Observer.ip("2001:db8::1"), Observer.ip("2001:db8::2")), 3478);
    BindingAnswers answers = new BindingAnswers(places);
    Endpoint from = Endpoint.parse("[2001:db8::3]:1234");
    for (ObserverPlaces.Place place : places.all()) {
      for (int bits = 0; bits < 32; bits++) {
        StunRequest request =
            new StunRequest(
                TransactionId.next(),
                (bits & 1) != 0,
                (bits & 2) != 0,
                0,
                (bits & 4) != 0 ? DialBackOrder.of(Vantage.OTHER_PORT) : null,
                (bits & 8) != 0,
                (bits & 16) != 0 ? List.of(0x7001, 0x7002, 0x7003) : List.of());
        BindingAnswers.Datagram answer = answers.overUdp(request, place, from);
        assertThat(answer.bytes())
            .hasSizeLessThanOrEqualTo(request.encode().length + BindingAnswers.MAX_UDP_GROWTH);
        assertThat(StunMessage.decode(answer.bytes()).dialBack()).isNull();
      }
    }
  }

  @Test
  void garbageOverTcp_endsTheConnection_andTheOthersStay() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A);
        Socket good = observer.connect(A)) {
      byte[] tooLong = StunRequest.plain().encode();
      tooLong[2] = 0x20;
      for (byte[] bytes :
          List.of(
              "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8),
              tooLong,
              StunMessage.success(TransactionId.next(), Loopback.at(1)).encode())) {
        try (Socket bad = observer.connect(B)) {
          Observer.say(bad, bytes);
          assertThat(Observer.hear(bad)).isNull();
        }
        assertThat(Observer.ask(good, StunRequest.plain())).isNotNull();
      }
    }
  }

  @Test
  void nobodyIsAnswered_whoCannotBeThere_orIsTheObserverItself() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, A, B)) {
      for (Endpoint own : List.of(observer.at(0, 0), observer.at(0, 1), observer.at(1, 1))) {
        assertThat(observer.responder.isAnswerable(own.toSocketAddress())).isFalse();
      }
      for (String nobody :
          List.of("0.0.0.0", "224.0.0.1", "255.255.255.255", "240.0.0.1", "ff02::1", "::")) {
        assertThat(
                observer.responder.isAnswerable(new InetSocketAddress(Observer.ip(nobody), 1234)))
            .as(nobody)
            .isFalse();
      }
      assertThat(observer.responder.isAnswerable(new InetSocketAddress(Observer.ip(A), 0)))
          .isFalse();
      assertThat(
              observer.responder.isAnswerable(
                  new InetSocketAddress(Observer.ip("192.0.2.1"), observer.port)))
          .as("another observer's neighbour may use our port")
          .isTrue();
    }
  }

  @Test
  void closing_freesThePorts_andEndsTheConnections() throws Exception {
    Observer observer = new Observer(ResponderLimits.USUAL, A, B);
    try (Socket socket = observer.connect(A)) {
      assertThat(Observer.ask(socket, StunRequest.plain())).isNotNull();
      assertThatThrownBy(() -> StunResponder.start(observer.addresses, observer.port))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + observer.port);
      observer.close();
      assertThat(Observer.hear(socket)).isNull();
      StunResponder.start(observer.addresses, observer.port).close();
    } finally {
      observer.close();
    }
  }

  private static DatagramSocket asker() throws IOException {
    return new DatagramSocket(new InetSocketAddress(Observer.ip(A), 0));
  }

  private static Endpoint local(DatagramSocket socket) {
    return new Endpoint(socket.getLocalAddress(), socket.getLocalPort());
  }
}
