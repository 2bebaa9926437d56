package dev.sallyport.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code lab internet}, as a user gives it. */
final class InternetCommandTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int lab(String arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Lab.commandLine();
    line.setErr(new PrintWriter(err));
    line.setOut(new PrintWriter(out));
    return line.execute(arguments.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "internet --mix guha | neither a file nor a mix that is shipped; expected one of ford-2005",
        "internet --calls 0 | --calls: 0 is not between 1 and 1000000",
        "internet --repeat 1000001 | --calls: 1000001 is not between",
        "internet --delay 10001 | --delay: 10001 is not between 0 and 10000",
        "internet --delay -1 | --delay: -1 is not between 0 and 10000",
        "internet --seed x | 'x' is not a long",
      })
  void aMistake_isNamed_andExitsWithTwo(String arguments, String complaint) {
    assertThat(lab(arguments)).isEqualTo(2);
    assertThat(err.toString()).contains(complaint).contains("--help");
    assertThat(err.toString().lines()).hasSize(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theList_hasALineForEachMix() {
    assertThat(lab("internet --mix list")).isZero();
    assertThat(out.toString().lines()).hasSize(5).first().asString().startsWith("libp2p-2025 ");
  }

  @Test
  void help_showsWhatAMixIs() {
    assertThat(lab("internet --help")).isZero();
    assertThat(out.toString()).contains("nat       70%  port-restricted", "--mix", "--json");
  }

  @Test
  void aRun_tellsItsProgress_andPrintsAPage() {
    assertThat(lab("internet --mix halkes-2011 --calls 300 --delay 5")).isZero();
    assertThat(err.toString()).contains("250 of 300 calls");
    assertThat(out.toString())
        .startsWith("halkes-2011: ")
        .contains("300 simulated calls, seed 1, round trips of 10 ms", "expected to connect");
  }

  @Test
  void theSameSeed_givesTheSameNumbers() throws IOException {
    Map<String, Object> one = json("internet --calls 60 --seed 5 --json");
    assertThat(json("internet --calls 60 --seed 5 --json")).isEqualTo(one);
    assertThat(json("internet --calls 60 --seed 6 --json")).isNotEqualTo(one);
  }

  private Map<String, Object> json(String arguments) throws IOException {
    assertThat(lab(arguments)).isZero();
    Map<String, Object> map = JSON.std.mapFrom(out.toString());
    map.keySet().removeIf(field -> field.startsWith("wall"));
    return map;
  }
}
