package dev.sallyport.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.wire.MalformedException;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowListTest {
  private static final PublicKey32 ADA = key(1);
  private static final PublicKey32 BOB = key(2);

  @Test
  void keysWithComments_areRead() throws MalformedException {
    AllowList list =
        AllowList.parse(
            "\ufeff# friends\r\n\r\n"
                + ADA
                + "  Ada's laptop\r\n\t"
                + BOB.toString().toUpperCase(java.util.Locale.ROOT)
                + "\tBob # at home");
    assertThat(list).isEqualTo(AllowList.of(Set.of(ADA, BOB)));
    assertThat(list.allows(ADA)).isTrue();
    assertThat(list.allows(key(3))).isFalse();
    assertThat(list.size()).isEqualTo(2);
    assertThat(list.isOpen()).isFalse();
  }

  @Test
  void aListOfNobody_letsNobodyIn_unlikeNoList() throws MalformedException {
    assertThat(AllowList.parse("# nobody yet\n").allows(ADA)).isFalse();
    assertThat(AllowList.parse("").isOpen()).isFalse();
    assertThat(AllowList.EVERYBODY.allows(ADA)).isTrue();
    assertThat(AllowList.EVERYBODY.isOpen()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ada | line 2 begins with \"ada\"",
        "Id(5f1b9954034796b9e1f0ca7e0e64df2d18c1d77d) | line 2 holds the id of a service",
        "5f1b9954034796b9e1f0ca7e0e64df2d18c1d77d | line 2 holds the id of a service",
        "0f1b9954034796b9e1f0ca7e0e64df2d18c1d7zz | line 2 begins with \"0f1b9954034796b9e1f0ca7e...\"",
        "0f1b9954034796b9e1f0ca7e | line 2 begins with \"0f1b9954034796b9e1f0ca7e\"",
        "zz00000000000000000000000000000000000000000000000000000000000000 |"
            + " line 2 begins with \"zz0000000000000000000000...\"",
      })
  void whatIsNoKey_isNamedByItsLine(String line, String message) {
    assertThatThrownBy(() -> AllowList.parse(ADA + " Ada\n" + line + " x\n"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("sallyport id");
  }

  @Test
  void aStrangeFile_cannotPlayTricksOnATerminal() {
    assertThatThrownBy(() -> AllowList.parse("\u001b[2Jx\u202e"))
        .hasMessageContaining("begins with \"?[2Jx?\"");
  }

  @Test
  void asMuchAsMayBe_isRead() throws MalformedException {
    assertThat(AllowList.parse("#".repeat(AllowList.MAX_TEXT)).size()).isZero();
    StringBuilder most = new StringBuilder();
    for (int i = 0; i < AllowList.MAX_KEYS; i++) {
      most.append("%064x\n".formatted(i));
    }
    assertThat(AllowList.parse(most.toString()).size()).isEqualTo(AllowList.MAX_KEYS);
  }

  @Test
  void lists_areEqualByTheirKeys_andShowNone() {
    AllowList ada = AllowList.of(Set.of(ADA));
    assertThat(ada).isEqualTo(AllowList.of(Set.of(ADA))).isNotEqualTo(AllowList.of(Set.of(BOB)));
    assertThat(ada).hasSameHashCodeAs(AllowList.of(Set.of(ADA))).isNotEqualTo(AllowList.EVERYBODY);
    assertThat(ada).hasToString("1 caller").isNotEqualTo("1 caller");
    assertThat(AllowList.EVERYBODY).hasToString("everybody").isEqualTo(AllowList.EVERYBODY);
  }

  @Test
  void tooMuch_isRefused() {
    assertThatThrownBy(() -> AllowList.parse("#".repeat(AllowList.MAX_TEXT + 1)))
        .isInstanceOf(MalformedException.class);
    StringBuilder many = new StringBuilder();
    for (int i = 0; i <= AllowList.MAX_KEYS; i++) {
      many.append("%064x%n".formatted(i));
    }
    assertThatThrownBy(() -> AllowList.parse(many.toString()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("at most 10000 keys");
  }

  private static PublicKey32 key(int fill) {
    byte[] raw = new byte[PublicKey32.LENGTH];
    Arrays.fill(raw, (byte) fill);
    return PublicKey32.of(raw);
  }
}
