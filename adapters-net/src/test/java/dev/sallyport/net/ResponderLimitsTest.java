package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How long one may stay at an observer, and with how many connections. */
class ResponderLimitsTest {
  private static final String A = "127.0.0.1";
  private static final String B = "127.0.0.2";

  @Test
  void whoDripsAQuestion_isCutOff_andWhoAsksNowAndThenStays() throws Exception {
    Duration idle = Duration.ofMillis(1500);
    ResponderLimits limits =
        new ResponderLimits(
            8, 8, idle, 100, 1000, Duration.ofSeconds(1), Duration.ofSeconds(1), 1, 1, 1, 1);
    try (Observer observer = new Observer(limits, A);
        Socket drip = observer.connect(B);
        Socket good = observer.connect(A)) {
      byte[] slow = StunRequest.plain().encode();
      long start = System.nanoTime();
      int dripped = 0;
      drip.setSoTimeout(200);
      while (isOpen(drip)) {
        if (dripped < slow.length - 1) {
          Observer.say(drip, new byte[] {slow[dripped++]});
        }
        assertThat(Observer.ask(good, StunRequest.plain())).isNotNull();
        assertThat(System.nanoTime() - start).isLessThan(20_000_000_000L);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(idle);
      assertThat(dripped).isGreaterThan(1);
      assertThat(Observer.ask(good, StunRequest.plain())).isNotNull();
    }
  }

  /** Waits a moment for its end. */
  private static boolean isOpen(Socket socket) {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void connections_areLimitedBySourceAndInAll_andAPlaceThatIsLeftIsFree() throws Exception {
    ResponderLimits limits =
        new ResponderLimits(
            4,
            2,
            Duration.ofSeconds(60),
            1000,
            1000,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            1,
            1,
            1,
            1);
    try (Observer observer = new Observer(limits, A)) {
      List<Socket> open = new ArrayList<>();
      for (String from : List.of(A, A, B, "127.0.0.3")) {
        open.add(observer.connect(from));
        assertThat(Observer.ask(open.getLast(), StunRequest.plain())).isNotNull();
        if (open.size() == 2) {
          assertThat(isServed(observer, A)).as("of one source").isFalse();
        }
      }
      assertThat(isServed(observer, "127.0.0.4")).as("of all").isFalse();
      Socket left = open.removeFirst();
      left.shutdownOutput();
      assertThat(Observer.hear(left)).isNull();
      assertThat(isServed(observer, "127.0.0.4")).as("after one has left").isTrue();
      for (Socket socket : open) {
        assertThat(Observer.ask(socket, StunRequest.plain())).isNotNull();
        socket.close();
      }
    }
  }

  /** The reset of a refusal may come as early as in the handshake. */
  private static boolean isServed(Observer observer, String from) throws Exception {
    try (Socket socket = observer.connect(from)) {
      return Observer.ask(socket, StunRequest.plain()) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
