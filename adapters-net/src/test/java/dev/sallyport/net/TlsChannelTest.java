package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.SecureChannel;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.Security;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The finished channel. The module's tests run with a key limit of 128 KiB (see its pom), so a few
 * megabytes renew the keys dozens of times.
 */
class TlsChannelTest {
  private TlsPair pair;
  private TlsPair.Ends ends;

  @BeforeEach
  void secure() throws Exception {
    pair = new TlsPair();
    ends = pair.secured();
  }

  @AfterEach
  void close() {
    ends.close();
    pair.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void megabytesBothWaysAtOnce_arriveWhole_acrossManyKeyUpdates(long seed) throws Exception {
    assertThat(Security.getProperty("jdk.tls.keyLimits")).contains("2^17");
    int total = 3 << 20;
    CompletableFuture<byte[]> up = sending(ends.caller(), total, seed);
    CompletableFuture<byte[]> down = sending(ends.service(), total, -seed);
    CompletableFuture<byte[]> upHeard = hearing(ends.service(), total, seed);
    CompletableFuture<byte[]> downHeard = hearing(ends.caller(), total, -seed);
    assertThat(TlsPair.get(upHeard)).as("seed %d", seed).isEqualTo(TlsPair.get(up));
    assertThat(TlsPair.get(downHeard)).as("seed %d", seed).isEqualTo(TlsPair.get(down));
  }

  @Test
  void closeFromAThirdThread_endsABlockedRead_atOnce() throws Exception {
    CompletableFuture<Thread> reader = new CompletableFuture<>();
    CompletableFuture<Integer> reading =
        TlsPair.inBackground(
            () -> {
              reader.complete(Thread.currentThread());
              return ends.caller().read(new byte[1], 0, 1);
            });
    awaitInSystemCall(TlsPair.get(reader), "read");
    long start = System.nanoTime();
    ends.caller().close();
    assertBrokenHere(reading);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void closeFromAThirdThread_endsABlockedWrite_atOnce() throws Exception {
    AtomicLong written = new AtomicLong();
    CompletableFuture<Thread> writer = new CompletableFuture<>();
    CompletableFuture<Integer> writing =
        TlsPair.inBackground(
            () -> {
              writer.complete(Thread.currentThread());
              byte[] block = new byte[1 << 16];
              while (true) {
                ends.caller().write(block, 0, block.length);
                written.addAndGet(block.length);
              }
            });
    await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              long before = written.getAndSet(0);
              return before == 0 && isIn(TlsPair.get(writer), "write");
            });
    long start = System.nanoTime();
    ends.caller().close();
    assertBrokenHere(writing);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void goodbye_isTheEndOfTheStream() throws Exception {
    ends.caller().write(new byte[] {1}, 0, 1);
    ends.caller().close();
    ends.caller().close();
    byte[] buffer = new byte[8];
    assertThat(ends.service().read(buffer, 0, 8)).isEqualTo(1);
    assertThat(ends.service().read(buffer, 0, 8)).isEqualTo(-1);
    assertThat(ends.service().read(buffer, 0, 8)).isEqualTo(-1);
  }

  @Test
  void connectionThatJustEnds_isBroken_forItMayHaveBeenCut() throws Exception {
    pair.callerSocket.channel().shutdownOutput();
    assertThatThrownBy(() -> ends.service().read(new byte[8], 0, 8))
        .isInstanceOfSatisfying(
            LinkException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.BROKEN);
              assertThat(e).hasMessageContaining("without a goodbye");
            });
  }

  @Test
  void tamperedRecord_isBroken() throws Exception {
    byte[] record = new byte[64];
    record[0] = 23;
    record[1] = 3;
    record[2] = 3;
    record[4] = 59;
    pair.callerSocket.channel().write(ByteBuffer.wrap(record));
    assertThatThrownBy(() -> ends.service().read(new byte[8], 0, 8))
        .isInstanceOfSatisfying(
            LinkException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BROKEN));
    assertThat(pair.serviceSocket.channel().isOpen()).isFalse();
  }

  @Test
  void emptyWritesAndTinyReads_areFine() throws Exception {
    ends.caller().write(new byte[0], 0, 0);
    ends.caller().write(new byte[] {9, 1, 2, 3, 9}, 1, 3);
    byte[] buffer = new byte[5];
    for (int i = 1; i <= 3; i++) {
      assertThat(ends.service().read(buffer, i, 1)).isEqualTo(1);
    }
    assertThat(buffer).containsExactly(0, 1, 2, 3, 0);
  }

  private static CompletableFuture<byte[]> sending(SecureChannel channel, int total, long seed) {
    return TlsPair.inBackground(
        () -> {
          Random random = new Random(seed);
          MessageDigest digest = MessageDigest.getInstance("SHA-256");
          byte[] block = new byte[100_000];
          for (int left = total; left > 0; ) {
            random.nextBytes(block);
            int count = Math.min(left, 1 + random.nextInt(block.length));
            digest.update(block, 0, count);
            channel.write(block, 0, count);
            left -= count;
          }
          return digest.digest();
        });
  }

  private static CompletableFuture<byte[]> hearing(SecureChannel channel, int total, long seed) {
    return TlsPair.inBackground(
        () -> {
          Random random = new Random(seed + 100);
          MessageDigest digest = MessageDigest.getInstance("SHA-256");
          byte[] block = new byte[50_000];
          for (int left = total; left > 0; ) {
            int count = channel.read(block, 0, 1 + random.nextInt(block.length));
            digest.update(block, 0, count);
            left -= count;
          }
          return digest.digest();
        });
  }

  private static void awaitInSystemCall(Thread thread, String method) {
    await().until(() -> isIn(thread, method));
  }

  /** Whether the thread's innermost frame is a native method of that name: a file dispatcher's. */
  private static boolean isIn(Thread thread, String method) {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0
        && stack[0].isNativeMethod()
        && stack[0].getMethodName().startsWith(method);
  }

  private static void assertBrokenHere(CompletableFuture<?> blocked) {
    assertThatThrownBy(() -> TlsPair.get(blocked))
        .isInstanceOfSatisfying(
            LinkException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(Reason.BROKEN);
              assertThat(e).hasMessage("the connection was closed here");
            });
  }
}
