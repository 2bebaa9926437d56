package dev.sallyport.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code lab bench} as its user sees it; what it measures is tested where it is made. */
class BenchCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bench --repeat=0 | --repeat: 0 is not 1 or more",
        "bench --punch --repeat=0 | a repeat of 0 is not 1 or more",
        "bench --punch --delay=0 | a delay of at least 1 ms",
        "bench --punch --delay=20000 | a delay of 20000 ms is not between 0 and 10000",
        "bench --punch --wire | either --punch or --wire, not both"
      })
  void whatMakesNoSense_isSaidInOneSentence(String args, String sentence) {
    StringWriter err = new StringWriter();
    CommandLine line = Lab.commandLine().setErr(new PrintWriter(err));

    assertThat(line.execute(args.split(" "))).isEqualTo(Lab.USAGE);
    assertThat(err.toString()).contains(sentence).hasLineCount(2);
  }
}
