package dev.sallyport.ws;

import static dev.sallyport.ws.Links.UPGRADE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.ws.Links.Pair;
import dev.sallyport.ws.Links.Served;
import dev.sallyport.ws.Recorder.Closed;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that vanish, fall silent or do not read, and ends that close at once. */
class LinkTroubleTest {
  /** For links that must die: slowness of the machine only delays it. */
  private static final WebSocketUpgrade IMPATIENT = Links.upgrade(100, 400, 300);

  /** For links that must live. */
  private static final WebSocketUpgrade PATIENT = Links.upgrade(200, 1500, 1000);

  private static final List<Wire> WIRES = List.of(Wire.values());

  private final Recorder caller = new Recorder();
  private final Recorder service = new Recorder();

  /** Holds its reader up until it is let go. */
  private static final class Sleeper extends Recorder {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Override
    public void binary(byte[] message) {
      super.binary(message);
      entered.countDown();
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void idlePeer_isPinged_andItsPongsKeepTheLink() throws Exception {
    Served served = Links.serve(PATIENT, Wire.MEMORY.open(), service);
    for (int i = 0; i < 8; i++) {
      RawPeer.Frame ping = served.peer().readFrame();
      assertThat(ping.opcode()).isEqualTo(RawPeer.PING);
      served.peer().sendFrame(RawPeer.FIN | RawPeer.PONG, ping.payload());
    }
    assertThat(service.waiting()).isZero();
    served.link().abort();
  }

  @Test
  void twoIdleLinks_keepEachOtherAlive() throws Exception {
    Pair pair = Links.pair(PATIENT, Wire.LOOPBACK.open(), caller, service);
    await().during(Duration.ofSeconds(2)).until(() -> caller.waiting() + service.waiting() == 0);
    pair.caller().send("still there");
    assertThat(service.nextText()).isEqualTo("still there");
    pair.caller().abort();
  }

  @Test
  void silentPeer_isGivenUp() throws Exception {
    Links.serve(IMPATIENT, Wire.MEMORY.open(), service);
    assertThat(service.next())
        .isEqualTo(new Closed(false, "nothing heard from the peer for 0.4 s"));
  }

  @Test
  void silentPeer_whoTakesNothingEither_isGivenUp_andSendersFail() throws Exception {
    Served served = Links.serve(IMPATIENT, Wire.memory(1024), service);
    assertThatThrownBy(
            () -> {
              while (true) {
                served.link().send(new byte[Link.MAX_MESSAGE_BYTES]);
              }
            })
        .isInstanceOf(LinkException.class);
    assertThat(service.next())
        .isEqualTo(new Closed(false, "nothing heard from the peer for 0.4 s"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"MEMORY", "LOOPBACK"})
  void peerThatVanishes_whileIdle_isNoticed(Wire wire) throws Exception {
    Served served = Links.serve(UPGRADE, wire.open(), service);
    served.peer().vanish();
    assertThat(service.next()).isEqualTo(new Closed(false, "the peer hung up without a goodbye"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"MEMORY", "LOOPBACK"})
  void peerThatVanishes_whileWeSend_failsTheSender(Wire wire) throws Exception {
    Served served = Links.serve(UPGRADE, wire.open(), service);
    FutureTask<Void> sending =
        Links.inBackground(
            () -> {
              while (true) {
                served.link().send(new byte[500_000]);
              }
            });
    served.peer().readFrame();
    served.peer().vanish();
    assertThatThrownBy(() -> Links.get(sending))
        .isInstanceOfSatisfying(
            LinkException.class,
            e -> assertThat(e.reason()).isEqualTo(LinkException.Reason.BROKEN));
    assertThat(((Closed) service.next()).clean()).isFalse();
  }

  @Test
  void slowListener_holdsTheSenderBack_andBoundsWhatIsQueued() throws Exception {
    Sleeper sleeper = new Sleeper();
    Pair pair = Links.pair(UPGRADE, Wire.memory(64 << 10), caller, sleeper);
    AtomicInteger sent = new AtomicInteger();
    int total = 30;
    FutureTask<Void> sending =
        Links.inBackground(
            () -> {
              for (int i = 0; i < total; i++) {
                pair.caller().send(new byte[Link.MAX_MESSAGE_BYTES]);
                sent.incrementAndGet();
              }
              return null;
            });
    assertThat(sleeper.entered.await(10, TimeUnit.SECONDS)).isTrue();
    await().until(() -> sending.isDone() || sent.get() >= 4);
    await().during(Duration.ofMillis(300)).until(() -> sent.get() <= 6);
    sleeper.released.countDown();
    Links.get(sending);
    for (int i = 0; i < total; i++) {
      assertThat(sleeper.nextBinary()).hasSize(Link.MAX_MESSAGE_BYTES);
    }
    pair.caller().abort();
  }

  @Test
  void emptyMessages_areBoundedToo() throws Exception {
    Sleeper sleeper = new Sleeper();
    Pair pair = Links.pair(UPGRADE, Wire.memory(1024), caller, sleeper);
    AtomicInteger sent = new AtomicInteger();
    Links.spawn(
        () -> {
          while (true) {
            pair.caller().send(new byte[0]);
            sent.incrementAndGet();
          }
        });
    assertThat(sleeper.entered.await(10, TimeUnit.SECONDS)).isTrue();
    int credit = (4 << 20) / LinkWriter.FRAME_OVERHEAD_BYTES;
    await().during(Duration.ofMillis(300)).until(() -> sent.get() < credit + 30_000);
    pair.caller().abort();
    sleeper.released.countDown();
  }

  @Test
  void listenerThatBlocksForLong_doesNotLookDeadToEither() throws Exception {
    Sleeper sleeper = new Sleeper();
    Pair pair = Links.pair(PATIENT, Wire.LOOPBACK.open(), caller, sleeper);
    pair.caller().send(new byte[1]);
    assertThat(sleeper.entered.await(10, TimeUnit.SECONDS)).isTrue();
    await().during(Duration.ofSeconds(2)).until(() -> caller.waiting() == 0);
    sleeper.released.countDown();
    pair.caller().send("and on it goes");
    sleeper.nextBinary();
    assertThat(sleeper.nextText()).isEqualTo("and on it goes");
    pair.caller().abort();
  }

  @Test
  void close_unblocksASenderWhoWaitsForCredit() throws Exception {
    Sleeper sleeper = new Sleeper();
    Pair pair = Links.pair(UPGRADE, Wire.memory(1024), caller, sleeper);
    FutureTask<Void> sending =
        Links.inBackground(
            () -> {
              while (true) {
                pair.caller().send(new byte[Link.MAX_MESSAGE_BYTES]);
              }
            });
    assertThat(sleeper.entered.await(10, TimeUnit.SECONDS)).isTrue();
    pair.caller().close();
    assertThatThrownBy(() -> Links.get(sending)).isInstanceOf(LinkException.class);
    sleeper.released.countDown();
    assertThat(sleeper.awaitClosed()).isEqualTo(new Closed(true, "closed by the peer"));
  }

  @Test
  void goodbyeWithoutAnswer_endsInTime() throws Exception {
    Served served = Links.serve(PATIENT, Wire.MEMORY.open(), service);
    served.link().close();
    assertThat(served.peer().readFrame().closeCode()).isEqualTo(1000);
    served.peer().sendFrame(RawPeer.FIN | RawPeer.TEXT, "I talk on");
    assertThat(service.nextText()).isEqualTo("I talk on");
    assertThat(service.next())
        .isEqualTo(new Closed(false, "the peer did not answer our goodbye in time"));
  }

  @Test
  void close_towardsAPeerWhoPingsButTakesNothing_ends() throws Exception {
    Served served = Links.serve(PATIENT, Wire.memory(1024), service);
    served.link().send(new byte[100_000]);
    served.link().close();
    Links.spawn(
        () -> {
          while (true) {
            served.peer().sendFrame(RawPeer.FIN | RawPeer.PONG, "");
            Thread.onSpinWait();
          }
        });
    assertThat(service.next()).isEqualTo(new Closed(false, "the peer has taken nothing for 1.5 s"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void closesFromBothEndsAtOnce_areCleanOnBoth(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < 25; round++) {
      Recorder one = new Recorder();
      Recorder two = new Recorder();
      Wire wire = WIRES.get(random.nextInt(WIRES.size()));
      Pair pair = Links.pair(UPGRADE, wire.open(), one, two);
      int before = random.nextInt(4);
      for (int i = 0; i < before; i++) {
        pair.caller().send(new byte[random.nextInt(5000)]);
        pair.service().send("x".repeat(random.nextInt(5000)));
      }
      CountDownLatch go = new CountDownLatch(1);
      closeAfter(go, pair.caller(), random.nextInt(3000));
      closeAfter(go, pair.service(), random.nextInt(3000));
      go.countDown();
      String context = "seed " + seed + ", round " + round + ", " + wire;
      for (int i = 0; i < before; i++) {
        assertThat(one.next()).as(context).isInstanceOf(String.class);
        assertThat(two.next()).as(context).isInstanceOf(byte[].class);
      }
      assertThat(((Closed) one.next())).as(context).matches(Closed::clean);
      assertThat(((Closed) two.next())).as(context).matches(Closed::clean);
    }
  }

  private static void closeAfter(CountDownLatch go, Link link, int spins) {
    Links.spawn(
        () -> {
          go.await();
          for (int i = 0; i < spins; i++) {
            Thread.onSpinWait();
          }
          link.close();
          return null;
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void anyMixOfSendCloseAndAbort_endsWithOneClosedEach(long seed) throws Exception {
    Random random = new Random(seed);
    for (int round = 0; round < 25; round++) {
      Recorder one = new Recorder();
      Recorder two = new Recorder();
      Wire wire = WIRES.get(random.nextInt(WIRES.size()));
      Pair pair = Links.pair(UPGRADE, wire.open(), one, two);
      int actors = 2 + random.nextInt(4);
      for (int a = 0; a < actors; a++) {
        Link link = random.nextBoolean() ? pair.caller() : pair.service();
        int deeds = 1 + random.nextInt(20);
        int last = a == 0 ? random.nextInt(2) : random.nextInt(3);
        int size = random.nextInt(3000);
        Links.spawn(
            () -> {
              for (int i = 0; i < deeds; i++) {
                link.send(new byte[size]);
              }
              switch (last) {
                case 0 -> link.close();
                case 1 -> link.abort();
                default -> link.send("last");
              }
              return null;
            });
      }
      assertThat(one.awaitClosed()).as("seed %s, round %s, %s", seed, round, wire).isNotNull();
      assertThat(two.awaitClosed()).as("seed %s, round %s, %s", seed, round, wire).isNotNull();
    }
  }
}
