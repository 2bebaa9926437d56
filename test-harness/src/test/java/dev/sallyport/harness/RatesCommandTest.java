package dev.sallyport.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code lab rates} as its user sees it; what it writes is tested where it is made. */
class RatesCommandTest {
  @Test
  void elsewhereThanInTheSources_itSaysSo_andPlaysNothing(@TempDir Path folder) {
    StringWriter err = new StringWriter();
    CommandLine line = Lab.commandLine().setErr(new PrintWriter(err));

    assertThat(line.execute("rates", "--out", folder.resolve("no/rates.txt").toString()))
        .isEqualTo(Lab.USAGE);
    assertThat(err.toString())
        .contains("there is no folder", "expected to be run from the top of the sources")
        .hasLineCount(2);
    assertThat(folder).isEmptyDirectory();
  }
}
