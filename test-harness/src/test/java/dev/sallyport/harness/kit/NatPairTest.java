package dev.sallyport.harness.kit;

import static dev.sallyport.harness.scenario.NatKind.NONE;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.scenario.NatKind;
import org.junit.jupiter.api.Test;

class NatPairTest {
  @Test
  void pairsAreOrdered_andEachKindMeetsItself() {
    assertThat(NatPair.of(NONE, SYMMETRIC))
        .containsExactly(
            new NatPair(NONE, NONE),
            new NatPair(NONE, SYMMETRIC),
            new NatPair(SYMMETRIC, NONE),
            new NatPair(SYMMETRIC, SYMMETRIC));
    int kinds = NatKind.values().length;
    assertThat(NatPair.all()).hasSize(kinds * kinds).doesNotHaveDuplicates();
  }

  @Test
  void aTable_hasTheClientsInItsRows() {
    assertThat(NatPair.table(pair -> pair.client() == NONE, NONE, SYMMETRIC))
        .isEqualTo(
            """
                            1    2
             1 none       yes  yes
             2 symmetric    -    -
            """);
  }
}
