package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

  @Test
  void deadlineThatIsJustBeingCarriedOut_cannotBeLiftedAnyMore() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Deadlines.Guard guard =
        Deadlines.closeAfter(
            Duration.ofMillis(1),
            () -> {
              closing.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    closing.await();
    assertThat(guard.disarm()).isFalse();
    assertThat(guard.expired()).isTrue();
    goOn.countDown();
  }

  @Test
  void liftedDeadline_neverCloses_howeverCloseItWas() {
    int guards = 2000;
    AtomicInteger closed = new AtomicInteger();
    int late = 0;
    for (int i = 0; i < guards; i++) {
      Deadlines.Guard guard =
          Deadlines.closeAfter(Duration.ofNanos(i * 100L), closed::incrementAndGet);
      if (!guard.disarm()) {
        late++;
      }
    }
    int expected = late;
    await().untilAsserted(() -> assertThat(closed).hasValue(expected));
  }
}
