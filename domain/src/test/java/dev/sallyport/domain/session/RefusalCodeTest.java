package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalCodeTest {
  @ParameterizedTest
  @CsvSource({"1, OTHER", "2, ALREADY_CONNECTED", "3, NOT_ALLOWED", "4, BUSY", "5, BAD_PROOF"})
  void theNumbersOnTheWire_areFixed(int number, RefusalCode code) {
    assertThat(code.code()).isEqualTo(number);
    assertThat(RefusalCode.of(number)).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6, 255})
  void aNumberOfANewerPeer_isAnother(int number) {
    assertThat(RefusalCode.of(number)).isEqualTo(RefusalCode.OTHER);
  }

  @Test
  void eachHasItsOwnWords() {
    assertThat(Arrays.stream(RefusalCode.values()).map(RefusalCode::words))
        .doesNotHaveDuplicates()
        .noneMatch(String::isBlank);
  }

  @ParameterizedTest
  @EnumSource
  void aRefusedLink_saysWithWhichCode(RefusalCode code) {
    LinkException refused = LinkException.refused(code);
    assertThat(refused.reason()).isEqualTo(LinkException.Reason.REFUSED);
    assertThat(refused.refusal()).isEqualTo(code);
    assertThat(refused).hasMessage("refused: " + code.words());
  }

  @Test
  void aLinkThatFailedOtherwise_hasNoCode() {
    LinkException broken = new LinkException(LinkException.Reason.BROKEN, "reset");
    assertThat(broken.reason()).isEqualTo(LinkException.Reason.BROKEN);
    assertThat(broken.refusal()).isNull();
  }
}
