package dev.sallyport.harness.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.natreport.NatType;
import dev.sallyport.app.natreport.Rates;
import dev.sallyport.harness.scenario.NatKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code sallyport nat} foretells is what the simulation says today. */
class RateTableTest {
  @Test
  void theShippedTable_isWhatTheSimulationSays_elseRunLabRates() throws Exception {
    Path shipped = Path.of("..", RateTable.FILE);

    assertThat(RateTable.text((cell, done, of) -> {}))
        .as("to write the table anew: ./lab rates")
        .isEqualTo(Files.readString(shipped));
  }

  @ParameterizedTest
  @EnumSource(NatType.class)
  void aType_isWhatTheLabMakesOfItsWord(NatType type) {
    NatKind kind = NatKind.parse(type.word());

    assertThat(type.profile().tcpMapping().value()).isEqualTo(kind.mapping());
    assertThat(type.profile().tcpFiltering().value()).isEqualTo(kind.filtering());
    assertThat(type == NatType.OPEN).isEqualTo(!kind.filters());
    if (type.profile().unsolicitedSyn().isKnown()) {
      assertThat(type.profile().unsolicitedSyn().value()).isEqualTo(kind.unsolicitedSyn());
    }
  }

  @Test
  void theTable_isReadAsItIsWritten() {
    Rates rates = Rates.shipped();

    assertThat(rates.calls()).isGreaterThanOrEqualTo(20);
    assertThat(
            rates.between(EnumSet.of(NatType.OPEN), EnumSet.of(NatType.SYMMETRIC_RANDOM)).least())
        .isGreaterThan(90);
  }
}
