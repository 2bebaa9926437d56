package dev.sallyport.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a user gets wrong is answered in one sentence, before anything is built. */
final class LabTest {
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  private int lab(String arguments) {
    CommandLine line = Lab.commandLine();
    line.setErr(new PrintWriter(err));
    line.setOut(new PrintWriter(out));
    return line.execute(arguments.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run --client cone --server none | \"cone\" is no kind of NAT; expected one of none, full-cone,"
            + " address-restricted, port-restricted, port-restricted-rst, symmetric",
        "shell --client none --server Symmetric | \"Symmetric\" is no kind of NAT",
        "run --client none | --server",
        "run --client none --server none --delay -1 | not between 0 and 10000",
        "run --client none --server none --delay soon | 'soon' is not an int",
        "run --client none --server none --fabric sim | \"sim\" is no fabric; expected nft or tun",
        "shell --client none --server none --fabric NFT | \"NFT\" is no fabric",
        "run --client none --server none --jitter 10001 | a jitter of 10001 ms is not between",
        "run --client none --server none --reorder 91 | a reordering of 91.0 % is not between",
        "run --client none --server none --client-carrier symmetric | kind none does not",
        "run --client full-cone --server full-cone --server-carrier cone | \"cone\" is no kind of NAT",
        "run --client full-cone --server full-cone --same-carrier | are both below the same kind",
        "run --client full-cone --server full-cone --client-carrier symmetric --same-network | are the"
            + " same",
        "run --client full-cone --server full-cone --same-carrier --same-addresses | exclude each"
            + " other",
        "run --client none --server none --forget-after 0 | a NAT that remembers nothing",
        "matrix --age 86401 | an age of 86401 s is not between 0 and 86400",
        "run --client none --server none --age 86401 | an age of 86401 s is not between 0 and 86400",
        "run --client none --server none --loss 100 | not between 0 and 90",
        "run --client none --server none --repeat 0 | --repeat 0",
        "run --client none --server none --callers 0 | callers",
        "run --client none --server none --order last | expected serve-first, connect-first or both",
        "run --client none --server symmetric --same-network | one kind of NAT",
        "run --client none --server full-cone --hairpin | --hairpin needs --same-network",
        "run --client none --server full-cone --forward 0 | port 0",
        "run --client none --server none --forward 80 | not by kind none",
        "run --client none --server none --dht bitcomet | \"bitcomet\" is no DHT software; expected"
            + " mldht or libtorrent",
        "run --client none --server none --ipv6 nat | \"nat\" is no kind of IPv6; expected one of"
            + " none, open, firewall",
        "shell --client none --server none --dht MLDHT | \"MLDHT\" is no DHT software",
        "run --client none --server none --no-network both | expected client or server",
        "run --client none --server none --wrong | --wrong",
        "walk | walk",
      })
  void aMistake_isNamed_andExitsWithTwo(String arguments, String complaint) {
    assertThat(lab(arguments.strip())).isEqualTo(2);
    assertThat(err.toString()).contains(complaint).contains("--help");
    assertThat(err.toString().lines()).hasSize(2);
  }

  @Test
  void help_namesEveryKindOfNat() {
    assertThat(lab("run --help")).isZero();
    assertThat(out.toString())
        .contains("port-restricted-rst", "--repeat", "--same-network", "--fabric", "--ipv6");
  }
}
