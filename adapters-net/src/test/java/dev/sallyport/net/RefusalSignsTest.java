package dev.sallyport.net;

import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Others on this machine cause ICMP messages too, so each is tried until it is seen once. */
class RefusalSignsTest {
  private final RefusalSigns signs = new RefusalSigns();

  @Test
  void withoutAnIcmpMessage_itWasAReset() {
    await()
        .until(
            () -> {
              signs.forget();
              signs.look(now());
              return signs.judge(now()) == RefusalSign.RESET;
            });
  }

  @Test
  void anIcmpMessage_isFoundOnce() throws Exception {
    signs.look(now());
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(new byte[1], 1, Loopback.at(Loopback.freePort()).toSocketAddress()));
      await().until(() -> signs.judge(now()) == RefusalSign.ICMP);
    }
    await().until(() -> signs.judge(now()) == RefusalSign.RESET);
  }

  private static Instant now() {
    return Instant.EPOCH.plusNanos(System.nanoTime());
  }
}
