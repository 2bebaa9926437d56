package dev.sallyport.domain.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.formats.Samples;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DayKeysTest {
  private static final LocalDate YESTERDAY = LocalDate.of(2026, 11, 21);
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
  private static final LocalDate TOMORROW = LocalDate.of(2026, 11, 23);

  @ParameterizedTest
  @CsvSource({
    "00:00:00, yesterday",
    "00:29:59.999, yesterday",
    "00:30:00, none",
    "12:00:00, none",
    "23:29:59.999, none",
    "23:30:00, tomorrow",
    "23:59:59.999, tomorrow"
  })
  void service_servesTheNeighbourWithinHalfAnHourOfMidnight(String time, String neighbour) {
    assertThat(DayKeys.daysToServe(at(time))).isEqualTo(days(neighbour));
  }

  @ParameterizedTest
  @CsvSource({
    "00:00:00, yesterday",
    "02:39:59.999, yesterday",
    "02:40:00, none",
    "12:00:00, none",
    "23:19:59.999, none",
    "23:20:00, tomorrow",
    "23:59:59.999, tomorrow"
  })
  void looker_triesTodayFirstAndThenTheNeighbourThatMayHoldSomething(
      String time, String neighbour) {
    assertThat(DayKeys.toTry(at(time))).isEqualTo(days(neighbour));
  }

  @Test
  void whateverTheClocks_aLivingServiceServesTheDayThatTheLookerTriesFirst() {
    for (int minute = 0; minute < 24 * 60; minute++) {
      Instant looker = at("00:00:00").plus(Duration.ofMinutes(minute));
      for (int skew = -20; skew <= 20; skew++) {
        Instant service = looker.plus(Duration.ofMinutes(skew));
        assertThat(DayKeys.daysToServe(service))
            .as("looker at %s, service at %s", looker, service)
            .contains(DayKeys.toTry(looker).get(0));
      }
    }
  }

  @Test
  void everyKey_isAnotherForEachUseDayAndId() {
    ServiceId other = ServiceId.of(new ServiceName("other"), Samples.SERVICE.key());
    List<DayKeys> all =
        List.of(
            DayKeys.of(Samples.ID, TODAY, Samples.SEALER),
            DayKeys.of(Samples.ID, TOMORROW, Samples.SEALER),
            DayKeys.of(other, TODAY, Samples.SEALER));
    Set<String> secrets = new HashSet<>();
    for (DayKeys keys : all) {
      for (Secret32 secret :
          List.of(keys.slot().seed(), keys.mailbox().seed(), keys.recordKey(), keys.proofKey())) {
        secrets.add(HexFormat.of().formatHex(secret.toByteArray()));
      }
    }
    assertThat(secrets).hasSize(12);
    assertThat(all.get(0).slot().topic().key())
        .isEqualTo(Samples.SEALER.signingKey(all.get(0).slot().seed()));
  }

  private static Instant at(String time) {
    return Instant.parse(TODAY + "T" + time + "Z");
  }

  private static List<LocalDate> days(String neighbour) {
    return switch (neighbour) {
      case "yesterday" -> List.of(TODAY, YESTERDAY);
      case "tomorrow" -> List.of(TODAY, TOMORROW);
      default -> List.of(TODAY);
    };
  }
}
