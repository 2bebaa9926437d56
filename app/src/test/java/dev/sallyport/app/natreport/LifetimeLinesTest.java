package dev.sallyport.app.natreport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.runner.LifetimeRunner.Result;
import dev.sallyport.domain.nat.MappingLifetime;
import java.time.Duration;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LifetimeLinesTest {
  @Test
  void aLongLife_isNoReasonToWorry() {
    assertThat(text(kept(110), kept(110)))
        .contains("TCP: a connection that lies quiet for 110 s is still there")
        .contains("UDP: a port that lies quiet for 110 s is still there")
        .contains("its ports and connections stay")
        .doesNotContain("other programs");
  }

  @Test
  void aShorterOne_isABoundForOtherPrograms() {
    assertThat(text(kept(110), between(20, 50)))
        .contains("UDP: a port that lies quiet for 20 s is still there, after 50 s it is gone")
        .endsWith("other programs should speak every 20 s or more often");
    assertThat(text(between(50, 110), between(20, 50))).endsWith("every 20 s or more often");
    assertThat(text(between(20, 50), between(50, 110))).endsWith("every 20 s or more often");
    assertThat(text(null, between(50, 110))).endsWith("every 50 s or more often");
    assertThat(text(kept(110), between(0, 20))).endsWith("more often than every 20 s");
  }

  @Test
  void whoForgetsConnectionsSooner_thanAServiceSpeaks_isCalledSo() {
    assertThat(text(between(0, 20), kept(110)))
        .contains("TCP: a connection that lies quiet for 20 s is gone")
        .contains("too seldom for this NAT");
    assertThat(text(kept(110), between(0, 20)))
        .as("the service's ports are of TCP")
        .contains("its ports and connections stay");
  }

  @Test
  void whatNobodyCouldTest_isNotKnown_andWhoCould_isNamed() {
    assertThat(text(kept(110), null)).contains("UDP: not known: ", "`sallyport observe`");
    assertThat(text(null, null))
        .contains("TCP: not known", "UDP: not known")
        .doesNotContain("Sallyport speaks");
  }

  private static String text(@Nullable MappingLifetime tcp, @Nullable MappingLifetime udp) {
    return LifetimeLines.of(new Result(tcp, udp)).stream()
        .map(Line::text)
        .collect(Collectors.joining("\n"));
  }

  private static MappingLifetime kept(int seconds) {
    return new MappingLifetime(Duration.ofSeconds(seconds), null);
  }

  private static MappingLifetime between(int kept, int lost) {
    return new MappingLifetime(Duration.ofSeconds(kept), Duration.ofSeconds(lost));
  }
}
