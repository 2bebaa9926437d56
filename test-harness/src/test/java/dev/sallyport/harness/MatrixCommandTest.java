package dev.sallyport.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.matrix.Matrix;
import dev.sallyport.harness.matrix.MatrixJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code lab matrix} as its user sees it. */
class MatrixCommandTest {
  private static final String NATS = "--nats=none,port-restricted-rst,symmetric";

  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();

  @TempDir private Path folder;

  @Test
  void theTable_saysWhoGetsThroughToWhom() {
    assertThat(matrix(NATS, "--repeat=5")).isZero();
    assertThat(out.toString())
        .contains("1  none                 100  100  100")
        .contains("2  port-restricted-rst  100  100  100")
        .contains("3  symmetric            100  100    0")
        .contains("In all 40 of 45 calls: 88.89 % (95 % interval 7");
    assertThat(err.toString()).contains("symmetric calls symmetric: 0 of 5", "   9/9  ");
  }

  @Test
  void theSameSeed_givesTheSameJson_inAnotherJvmToo_andAnotherSeedDiffers() throws Exception {
    Path here = folder.resolve("here.json");
    Path again = folder.resolve("again.json");
    Path other = folder.resolve("other.json");
    Path elsewhere = folder.resolve("elsewhere.json");
    assertThat(matrix(NATS, "--repeat=5", "--loss=2", "--json=" + here)).isZero();
    assertThat(matrix(NATS, "--repeat=5", "--loss=2", "--json=" + again)).isZero();
    assertThat(matrix(NATS, "--repeat=5", "--loss=2", "--seed=2", "--json=" + other)).isZero();
    inAnotherJvm(NATS, "--repeat=5", "--loss=2", "--json=" + elsewhere);
    assertThat(lasting(again)).isEqualTo(lasting(here)).hasSizeGreaterThan(10);
    assertThat(lasting(elsewhere)).isEqualTo(lasting(here));
    assertThat(lasting(other)).isNotEqualTo(lasting(here));
  }

  @Test
  void resume_playsWhatIsMissing_andEndsWithTheSame() throws Exception {
    Path file = folder.resolve("m.json");
    assertThat(matrix(NATS, "--repeat=3", "--json=" + file)).isZero();
    Matrix whole = MatrixJson.read(Files.readString(file));
    Matrix half =
        new Matrix(
            whole.fabric(),
            whole.seed(),
            whole.oneWay(),
            whole.lossPercent(),
            whole.conditions(),
            whole.repeat(),
            whole.kinds(),
            whole.cells().subList(0, 4),
            whole.command(),
            whole.generatedAt(),
            whole.wall());
    Files.writeString(file, MatrixJson.write(half));
    err.getBuffer().setLength(0);
    assertThat(matrix(NATS, "--repeat=3", "--resume", "--json=" + file)).isZero();
    assertThat(err.toString().lines()).hasSize(5);
    assertThat(MatrixJson.read(Files.readString(file)).cells()).isEqualTo(whole.cells());
  }

  @Test
  void resume_withMoreKinds_playsOnlyThose_andEndsAsIfAllHadBeenPlayed() throws Exception {
    Path grown = folder.resolve("grown.json");
    Path whole = folder.resolve("whole.json");
    assertThat(matrix("--nats=none,symmetric", "--repeat=2", "--json=" + grown)).isZero();
    err.getBuffer().setLength(0);
    assertThat(matrix(NATS, "--repeat=2", "--resume", "--json=" + grown)).isZero();
    assertThat(err.toString()).contains("9/9").doesNotContain("none calls symmetric");
    assertThat(matrix(NATS, "--repeat=2", "--json=" + whole)).isZero();
    assertThat(lasting(grown)).isEqualTo(lasting(whole));
  }

  @Test
  void resume_refusesTheFileOfAnotherRun_andLosesNothing() throws Exception {
    Path file = folder.resolve("m.json");
    assertThat(matrix(NATS, "--repeat=3", "--json=" + file)).isZero();
    String before = Files.readString(file);
    for (String other :
        List.of("--repeat=4", "--seed=2", "--jitter=5", "--reorder=1", "--no-stun")) {
      String repeat = other.startsWith("--repeat") ? "--loss=0" : "--repeat=3";
      assertThat(matrix(NATS, repeat, other, "--resume", "--json=" + file)).as(other).isEqualTo(2);
    }
    assertThat(err.toString()).contains("is of another run", "--repeat=3");
    assertThat(file).hasContent(before);
    Files.writeString(file, "{}");
    assertThat(matrix(NATS, "--repeat=3", "--resume", "--json=" + file)).isEqualTo(2);
    assertThat(err.toString()).contains("is no matrix to go on with");
    assertThat(file).hasContent("{}");
  }

  @Test
  void thePage_hasEachPair_withOneRunOfIt() throws Exception {
    Path page = folder.resolve("m.html");
    assertThat(matrix(NATS, "--repeat=2", "--html=" + page)).isZero();
    assertThat(Files.readString(page))
        .contains("symmetric--port-restricted-rst", "the caller&#39;s SYNs leave from other ports")
        .contains("<svg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--fabric=moon | \"moon\" is no fabric; expected sim, tun or nft",
        "--nats=cone | \"cone\" is no kind of NAT",
        "--nats=none,none | each kind of NAT once",
        "--repeat=0 | a repeat of 0 is not at least 1",
        "--delay=0 | needs a delay of at least 1 ms",
        "--delay=-1 | a delay of -1 ms is not between 0 and 10000",
        "--loss=91 | a loss of 91.0 %",
        "--pause=120 | on sim each call has its own",
        "--resume | --resume needs --json FILE",
      })
  void aMistake_isNamed_andExitsWithTwo(String argument, String complaint) {
    assertThat(matrix(argument)).isEqualTo(2);
    assertThat(err.toString()).contains(complaint).contains("Try: ./lab matrix --help");
    assertThat(out.toString()).isEmpty();
  }

  private int matrix(String... arguments) {
    CommandLine line = Lab.commandLine();
    line.setErr(new PrintWriter(err));
    line.setOut(new PrintWriter(out));
    return line.execute(whole(arguments).toArray(String[]::new));
  }

  private static List<String> whole(String... arguments) {
    List<String> whole = new ArrayList<>(List.of("matrix"));
    whole.addAll(List.of(arguments));
    return whole;
  }

  private static void inAnotherJvm(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lab.class.getName()));
    command.addAll(whole(arguments));
    Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).as(said).isZero();
  }

  /** All lines but those that may differ: the command names the file. */
  private static List<String> lasting(Path json) throws IOException {
    return Files.readAllLines(json).stream()
        .filter(line -> !line.matches("\\{?\"(generatedAt|wall\\w*|command)\":.*"))
        .toList();
  }
}
