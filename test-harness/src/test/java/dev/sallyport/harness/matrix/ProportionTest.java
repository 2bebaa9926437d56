package dev.sallyport.harness.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProportionTest {
  /** The first four are from Newcombe (1998), table I, method 3; the others were worked by hand. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662",
    "15, 148, 0.0624, 0.1605",
    "0, 20, 0.0000, 0.1611",
    "1, 29, 0.0061, 0.1718",
    "29, 29, 0.8830, 1.0000",
    "5, 10, 0.2366, 0.7634",
    "0, 10, 0.0000, 0.2775",
    "10, 10, 0.7225, 1.0000",
    "0, 0, 0.0000, 1.0000",
  })
  void theInterval_isWilsons(long successes, long trials, double low, double high) {
    Proportion proportion = new Proportion(successes, trials);
    assertThat(proportion.low()).isCloseTo(low, within(0.00005));
    assertThat(proportion.high()).isCloseTo(high, within(0.00005));
  }

  @Test
  void ofNothing_thereIsNoRate() {
    assertThat(new Proportion(0, 0).rate()).isNaN();
    assertThat(new Proportion(3, 4).rate()).isEqualTo(0.75);
    assertThat(new Proportion(3, 4).plus(new Proportion(0, 6))).isEqualTo(new Proportion(3, 10));
  }

  @Test
  void moreSuccessesThanTrials_areRefused() {
    assertThatThrownBy(() -> new Proportion(2, 1)).hasMessage("2 successes in 1 trials");
    assertThatThrownBy(() -> new Proportion(-1, 1)).isInstanceOf(IllegalArgumentException.class);
  }
}
