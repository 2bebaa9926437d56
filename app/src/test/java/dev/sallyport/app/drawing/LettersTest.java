package dev.sallyport.app.drawing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LettersTest {
  @Test
  void whatFits_staysAsItIs() {
    assertThat(Letters.cut("short", 100)).isEqualTo("short");
    assertThat(Letters.wrap("two words", 200, 3)).containsExactly("two words");
  }

  @Test
  void whatIsTooWide_isCutAndNeverInsideACharacter() {
    String cut = Letters.cut("😀".repeat(50), 60);
    assertThat(cut).isEqualTo("😀😀😀…");
    assertThat(Letters.width(cut)).isLessThanOrEqualTo(60);
  }

  @Test
  void lines_breakAtSpaces_andTheLastTakesTheRest() {
    assertThat(Letters.wrap("drops it: no mapping for this remote", 100, 2))
        .hasSize(2)
        .allMatch(line -> Letters.width(line) <= 100)
        .first()
        .asString()
        .isEqualTo("drops it: no");
  }
}
