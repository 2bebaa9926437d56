package dev.sallyport.harness.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ToolsTest {
  @Test
  void whatIsMissing_isNamedInOneSentence_withTheWayToGetIt() {
    Tools.Tool absent = new Tools.Tool("no-such-program", "no-such-package");
    String sentence = Tools.missing(List.of(absent, new Tools.Tool("sh", "dash")));
    assertThat(sentence).isNotNull().doesNotContain("\n", "dash");
    // Without root it does not come to programs.
    assertThat(sentence)
        .containsAnyOf("needs no-such-program", "run it with sudo")
        .containsAnyOf("apt-get install no-such-package", "only root may do");
  }
}
