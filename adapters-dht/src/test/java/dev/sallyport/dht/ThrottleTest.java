package dev.sallyport.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ThrottleTest {
  private static final InetAddress ONE = address(1);
  private final Throttle throttle = new Throttle(address -> new Throttle.Rate(10, 2));

  @Test
  void burst_thenNoMore() {
    for (int i = 1; i < 10; i++) {
      assertThat(throttle.addAndTest(ONE)).as("packet %d", i).isFalse();
    }
    assertThat(throttle.addAndTest(ONE)).isTrue();
    assertThat(throttle.addAndTest(address(2))).isFalse();
  }

  @Test
  void answersWeAskedFor_areLetIn() {
    for (int i = 0; i < 20; i++) {
      throttle.addAndTest(ONE);
    }
    throttle.remove(ONE);
    assertThat(throttle.addAndTest(ONE)).isFalse();
  }

  @Test
  void sending_isDelayedBeyondTheBurst() {
    for (int i = 0; i < 10; i++) {
      assertThat(throttle.calculateDelayAndAdd(ONE)).isZero();
    }
    assertThat(throttle.calculateDelayAndAdd(ONE)).isBetween(300, 500);
    assertThat(throttle.calculateDelayAndAdd(ONE)).isBetween(800, 1000);
    throttle.saturatingDec(ONE);
    assertThat(throttle.calculateDelayAndAdd(ONE)).isBetween(800, 1000);
  }

  @Test
  void floodWithForgedSources_isBounded() {
    for (int i = 0; i < 20_000; i++) {
      throttle.addAndTest(address(i));
    }
    assertThat(throttle.addAndTest(address(20_001))).isTrue();
    assertThat(throttle.addAndTest(address(5))).isFalse();
  }

  private static InetAddress address(int number) {
    return IpLiteral.of(ByteBuffer.allocate(4).putInt(0x0a000000 | number).array());
  }
}
