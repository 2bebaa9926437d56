package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens in whatever order: one end for each dial, and no file left open. The JDK opens
 * some files at its first socket and keeps them, hence a round before the files are counted.
 */
class PunchStressTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void dialsAbortsAndCloses_interleavedAtRandom_endOnceEach_andLeakNothing(long seed)
      throws Exception {
    round(seed, 0, 20);
    long before = Loopback.openFiles();
    int dials = 0;
    for (int round = 1; dials < 1000; round++) {
      dials += round(seed, round, 50);
    }
    await("seed " + seed)
        .untilAsserted(() -> assertThat(Loopback.openFiles()).isLessThanOrEqualTo(before));
  }

  /** One transport's life: three threads dial and abort, and one closes at some moment. */
  private static int round(long seed, int round, int count) throws Exception {
    Random random = new Random(seed * 1_000_003 + round);
    String label = "seed " + seed + ", round " + round;
    RecordingSink sink = RecordingSink.discarding();
    RecordingSink peerSink = RecordingSink.discarding();
    AtomicInteger asked = new AtomicInteger();
    try (var hole = new Loopback.BlackHole();
        PunchTransport peer = NioPunchTransport.factory().open(peerSink);
        PunchTransport transport = NioPunchTransport.factory().open(sink)) {
      List<Endpoint> remotes =
          List.of(
              hole.endpoint(),
              Loopback.at(peer.listen(0, true)),
              Loopback.at(Loopback.freePort()),
              Endpoint.parse("224.0.0.1:9"));
      int port = transport.listen(0, true);
      Runnable closing = transport::close;
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        int first = t * count;
        long own = random.nextLong();
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      Random mine = new Random(own);
                      for (int i = first; i < first + count; i++) {
                        Endpoint remote = remotes.get(mine.nextInt(remotes.size()));
                        Duration timeout = Duration.ofMillis(mine.nextInt(40));
                        asked.incrementAndGet();
                        transport.dial(
                            SocketId.dialed(i), mine.nextBoolean() ? port : 0, remote, timeout);
                        transport.abort(SocketId.dialed(mine.nextInt(3 * count)));
                      }
                    }));
      }
      if (random.nextBoolean()) {
        int enough = random.nextInt(3 * count);
        while (asked.get() < enough) {
          Thread.onSpinWait();
        }
        closing.run();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      await(label).pollInterval(Duration.ofMillis(2)).until(() -> sink.ended() >= 3 * count);
    }
    assertThat(sink.ended()).as(label).isEqualTo(3 * count);
    assertThat(sink.faults).as(label).isEmpty();
    return 3 * count;
  }

  @Test
  void stormOfRefusals_eachAnsweredByTheNextDial_leaksNothing() throws Exception {
    round(0, 0, 20);
    long before = Loopback.openFiles();
    int dials = 20_000;
    Endpoint refusing = Loopback.at(Loopback.freePort());
    int port = Loopback.freePort();
    CountDownLatch done = new CountDownLatch(dials);
    AtomicInteger others = new AtomicInteger();
    PunchTransport[] holder = new PunchTransport[1];
    PunchTransport.Sink redialing =
        new PunchTransport.Sink() {
          @Override
          public void accepted(int listeningPort, RawConnection connection) {
            others.incrementAndGet();
          }

          @Override
          public void connected(SocketId id, RawConnection connection) {
            others.incrementAndGet();
          }

          @Override
          public void failed(SocketId id, DialFailure failure) {
            if (failure != DialFailure.REFUSED) {
              others.incrementAndGet();
            }
            done.countDown();
            if (id.number() < dials) {
              SocketId next = SocketId.dialed(id.number() + 1);
              holder[0].dial(next, port, refusing, Duration.ofSeconds(5));
            }
          }
        };
    try (PunchTransport transport = NioPunchTransport.factory().open(redialing)) {
      holder[0] = transport;
      transport.dial(SocketId.dialed(1), port, refusing, Duration.ofSeconds(5));
      done.await();
    }
    assertThat(others).hasValue(0);
    await().untilAsserted(() -> assertThat(Loopback.openFiles()).isLessThanOrEqualTo(before));
  }
}
