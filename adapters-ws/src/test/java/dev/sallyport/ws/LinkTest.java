package dev.sallyport.ws;

import static dev.sallyport.ws.Links.UPGRADE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.ws.Links.Pair;
import dev.sallyport.ws.Links.Served;
import dev.sallyport.ws.Recorder.Closed;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LinkTest {
  private final Recorder caller = new Recorder();
  private final Recorder service = new Recorder();

  private static byte[] noise(int size, long seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void textAndBinary_bothWays_arriveInOrder(Wire wire) throws Exception {
    Pair pair = Links.pair(UPGRADE, wire.open(), caller, service);
    pair.caller().send("gr\u00fc\u00df dich, \ud83d\ude80");
    pair.caller().send(new byte[0]);
    pair.caller().send("");
    pair.service().send(new byte[] {1, 2, 3});
    pair.service().send("x".repeat(70_000));
    assertThat(service.nextText()).isEqualTo("gr\u00fc\u00df dich, \ud83d\ude80");
    assertThat(service.nextBinary()).isEmpty();
    assertThat(service.nextText()).isEmpty();
    assertThat(caller.nextBinary()).containsExactly(1, 2, 3);
    assertThat(caller.nextText()).isEqualTo("x".repeat(70_000));
    pair.caller().close();
    assertThat(caller.next()).isEqualTo(new Closed(true, "closed here"));
    assertThat(service.next()).isEqualTo(new Closed(true, "closed by the peer"));
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void messages_ofTheLargestSize_surviveBothWays(Wire wire) throws Exception {
    Pair pair = Links.pair(UPGRADE, wire.open(), caller, service);
    byte[] up = noise(Link.MAX_MESSAGE_BYTES, 1);
    byte[] down = noise(Link.MAX_MESSAGE_BYTES, 2);
    pair.caller().send(up);
    pair.service().send(down);
    String text = "\u00fc".repeat(Link.MAX_MESSAGE_BYTES / 2);
    pair.caller().send(text);
    assertThat(service.nextBinary()).isEqualTo(up);
    assertThat(service.nextText()).isEqualTo(text);
    assertThat(caller.nextBinary()).isEqualTo(down);
    pair.caller().abort();
    pair.service().abort();
  }

  @ParameterizedTest
  @EnumSource(
      value = Wire.class,
      names = {"MEMORY", "RAGGED", "LOOPBACK"})
  void manyMessages_ofManySizes_keepTheirOrder(Wire wire) throws Exception {
    Pair pair = Links.pair(UPGRADE, wire.open(), caller, service);
    int count = 20_000;
    Links.spawn(
        () -> {
          for (int i = 0; i < count; i++) {
            pair.caller().send(i + ":" + "x".repeat(i % 300));
          }
          pair.caller().close();
          return null;
        });
    for (int i = 0; i < count; i++) {
      assertThat(service.nextText()).startsWith(i + ":").hasSize((i + ":").length() + i % 300);
    }
    assertThat(service.next()).isEqualTo(new Closed(true, "closed by the peer"));
  }

  @Test
  void manyThreads_sendingAtOnce_eachKeepItsOrder() throws Exception {
    Pair pair = Links.pair(UPGRADE, Wire.LOOPBACK.open(), caller, service);
    int threads = 8;
    int each = 500;
    for (int t = 0; t < threads; t++) {
      int thread = t;
      Links.spawn(
          () -> {
            for (int i = 0; i < each; i++) {
              pair.caller().send(new byte[] {(byte) thread, (byte) (i >> 8), (byte) i});
            }
            return null;
          });
    }
    int[] next = new int[threads];
    for (int i = 0; i < threads * each; i++) {
      byte[] message = service.nextBinary();
      int number = (message[1] & 0xff) << 8 | (message[2] & 0xff);
      assertThat(number).isEqualTo(next[message[0]]++);
    }
    pair.caller().abort();
  }

  @Test
  void tooLargeMessage_isRefusedAtOnce_andTheLinkLives() throws Exception {
    Pair pair = Links.pair(UPGRADE, Wire.MEMORY.open(), caller, service);
    assertThatThrownBy(() -> pair.caller().send(new byte[Link.MAX_MESSAGE_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pair.caller().send("\u00fc".repeat(Link.MAX_MESSAGE_BYTES / 2) + "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> pair.caller().send("half a pair: \ud83d, not a text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("13");
    pair.caller().send("still here");
    assertThat(service.nextText()).isEqualTo("still here");
    pair.caller().abort();
  }

  @Test
  void sendersArray_isFreeOnceSendReturns() throws Exception {
    Pair pair = Links.pair(UPGRADE, Wire.MEMORY.open(), caller, service);
    byte[] array = {1, 2, 3};
    pair.caller().send(array);
    pair.service().send(array);
    array[0] = 9;
    assertThat(service.nextBinary()).containsExactly(1, 2, 3);
    assertThat(caller.nextBinary()).containsExactly(1, 2, 3);
    pair.caller().abort();
  }

  @Test
  void close_sendsWhatIsQueuedFirst_andHearsThePeerToItsEnd() throws Exception {
    Pair pair = Links.pair(UPGRADE, Wire.MEMORY.open(), caller, service);
    for (int i = 0; i < 20; i++) {
      pair.caller().send(noise(100_000, i));
    }
    pair.service().send("last words");
    pair.caller().close();
    pair.caller().close();
    for (int i = 0; i < 20; i++) {
      assertThat(service.nextBinary()).isEqualTo(noise(100_000, i));
    }
    assertThat(service.next()).isEqualTo(new Closed(true, "closed by the peer"));
    assertThat(caller.nextText()).isEqualTo("last words");
    assertThat(caller.next()).isEqualTo(new Closed(true, "closed here"));
    assertThatThrownBy(() -> pair.caller().send("too late"))
        .isInstanceOf(LinkException.class)
        .hasMessageContaining("closed here");
  }

  @Test
  void close_fromInsideTheListener_ends() throws Exception {
    AtomicReference<Link> link = new AtomicReference<>();
    Recorder closing =
        new Recorder() {
          @Override
          public void text(String message) {
            super.text(message);
            link.get().close();
          }
        };
    Pair pair = Links.pair(UPGRADE, Wire.MEMORY.open(), caller, closing);
    link.set(pair.service());
    pair.caller().send("go");
    assertThat(closing.nextText()).isEqualTo("go");
    assertThat(closing.next()).isEqualTo(new Closed(true, "closed here"));
    assertThat(caller.next()).isEqualTo(new Closed(true, "closed by the peer"));
  }

  @Test
  void abort_endsAtOnce_andThePeerSeesNoGoodbye() throws Exception {
    Pair pair = Links.pair(UPGRADE, Wire.LOOPBACK.open(), caller, service);
    pair.caller().abort();
    pair.caller().abort();
    assertThat(caller.next()).isEqualTo(new Closed(false, "aborted here"));
    assertThat(((Closed) service.next()).clean()).isFalse();
    assertThatThrownBy(() -> pair.caller().send("x"))
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.reason()).isEqualTo(LinkException.Reason.BROKEN))
        .hasMessageContaining("aborted here");
  }

  @Test
  void abort_insideTheListener_isItsLastMessage() throws Exception {
    AtomicReference<Link> link = new AtomicReference<>();
    CountDownLatch go = new CountDownLatch(1);
    Recorder aborting =
        new Recorder() {
          @Override
          public void text(String message) {
            super.text(message);
            if (message.equals("0")) {
              awaitQuietly(go);
              link.get().abort();
            }
          }
        };
    Pair pair = Links.pair(UPGRADE, Wire.MEMORY.open(), caller, aborting);
    link.set(pair.service());
    for (int i = 0; i < 100; i++) {
      pair.caller().send("" + i);
    }
    go.countDown();
    assertThat(aborting.nextText()).isEqualTo("0");
    assertThat(aborting.next()).isEqualTo(new Closed(false, "aborted here"));
  }

  @Test
  void noEvent_beforeStart() throws Exception {
    Wire.Ends ends = Wire.MEMORY.open();
    var accepted =
        Links.inBackground(
            () -> UPGRADE.accept(ends.service(), Links.YES, service, Links.SOON).link());
    Link callerLink = UPGRADE.dial(ends.caller(), Links.HELLO, caller, Links.SOON).link();
    Link serviceLink = Links.get(accepted);
    callerLink.start();
    callerLink.send("early");
    serviceLink.send("may be sent before start");
    assertThat(caller.nextText()).isEqualTo("may be sent before start");
    assertThat(service.waiting()).isZero();
    serviceLink.start();
    assertThat(service.nextText()).isEqualTo("early");
    assertThatThrownBy(serviceLink::start).isInstanceOf(IllegalStateException.class);
    serviceLink.abort();
  }

  @Test
  void linkThatIsNeverStarted_canBeClosed() throws Exception {
    Wire.Ends ends = Wire.MEMORY.open();
    var accepted =
        Links.inBackground(
            () -> UPGRADE.accept(ends.service(), Links.YES, service, Links.SOON).link());
    Link callerLink = UPGRADE.dial(ends.caller(), Links.HELLO, caller, Links.SOON).link();
    Links.get(accepted).close();
    callerLink.start();
    assertThat(((Closed) caller.next()).why()).isEqualTo("closed by the peer");
  }

  @Test
  void startAfterTheEnd_stillTellsTheEnd() throws Exception {
    Wire.Ends ends = Wire.MEMORY.open();
    RawPeer service = RawPeer.server(ends.service());
    var dialled =
        Links.inBackground(
            () -> UPGRADE.dial(ends.caller(), Links.HELLO, caller, Links.SOON).link());
    service.sendHead(Links.response(service.readHead()));
    Link link = Links.get(dialled);
    link.abort();
    link.start();
    assertThat(caller.next()).isEqualTo(new Closed(false, "aborted here"));
  }

  @Test
  void listenerThatThrows_endsTheLinkAndNotTheProcess() throws Exception {
    Recorder broken =
        new Recorder() {
          @Override
          public void text(String message) {
            throw new IllegalStateException("listener's own fault, on purpose");
          }
        };
    Pair pair = Links.pair(UPGRADE, Wire.MEMORY.open(), caller, broken);
    pair.caller().send("boo");
    Closed closed = (Closed) broken.next();
    assertThat(closed.clean()).isFalse();
    assertThat(closed.why()).contains("listener");
    assertThat(((Closed) caller.next()).clean()).isFalse();
  }

  @Test
  void fragmentsOfAForeignPeer_withPingsBetween_becomeOneMessage() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.BYTE_BY_BYTE.open(), service);
    RawPeer peer = served.peer();
    byte[] rocket = "\ud83d\ude80".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    peer.sendFrame(RawPeer.TEXT, new byte[] {rocket[0], rocket[1]});
    peer.sendFrame(RawPeer.FIN | RawPeer.PING, "1");
    peer.sendFrame(0, new byte[] {rocket[2]});
    peer.sendFrame(0, "");
    peer.sendFrame(RawPeer.FIN, new byte[] {rocket[3], 'x'});
    peer.sendFrame(RawPeer.BINARY, "a");
    peer.sendFrame(RawPeer.FIN, "b");
    assertThat(service.nextText()).isEqualTo("\ud83d\ude80x");
    assertThat(service.nextBinary()).containsExactly('a', 'b');
    assertThat(peer.readFrame().opcode()).isEqualTo(RawPeer.PONG);
    served.link().abort();
  }

  @Test
  void ourFrames_areMaskedAsCallerAndPlainAsService() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), service);
    served.link().send("plain");
    RawPeer.Frame plain = served.peer().readFrame();
    assertThat(plain.masked()).isFalse();
    assertThat(plain.text()).isEqualTo("plain");

    Served called = Links.call(UPGRADE, Wire.MEMORY.open(), caller);
    called.link().send("masked");
    called.link().send(new byte[100_000]);
    RawPeer.Frame masked = called.peer().readFrame();
    assertThat(masked.masked()).isTrue();
    assertThat(masked.text()).isEqualTo("masked");
    assertThat(called.peer().readFrame().payload()).isEqualTo(new byte[100_000]);
    served.link().abort();
    called.link().abort();
  }

  @Test
  void foreignPeersGoodbye_isAnsweredWithItsCode() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), service);
    served.peer().sendFrame(RawPeer.FIN | RawPeer.CLOSE, new byte[] {3, (byte) 0xe9});
    assertThat(served.peer().readFrame().closeCode()).isEqualTo(1001);
    assertThat(service.next()).isEqualTo(new Closed(true, "closed by the peer"));

    Recorder other = new Recorder();
    Served second = Links.serve(UPGRADE, Wire.MEMORY.open(), other);
    second.peer().sendFrame(RawPeer.FIN | RawPeer.CLOSE, "");
    assertThat(second.peer().readFrame().opcode()).isEqualTo(RawPeer.CLOSE);
    assertThat(((Closed) other.next()).clean()).isTrue();
  }

  @Test
  void goodbyeWithAnErrorCode_isNotClean() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), service);
    served
        .peer()
        .sendFrame(RawPeer.FIN | RawPeer.CLOSE, new byte[] {3, (byte) 0xf1, 'b', 'i', 'g'});
    assertThat(service.next())
        .isEqualTo(new Closed(false, "the peer closed with the error code 1009"));
  }

  @Test
  void everyThread_isADaemon() throws Exception {
    Pair pair = Links.pair(UPGRADE, Wire.MEMORY.open(), caller, service);
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("sallyport-"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
    pair.caller().abort();
    pair.service().abort();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
