package dev.sallyport.harness.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.scenario.NatKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that explains this package shows the code, the tables and the log that are tested. */
class DocumentTest {
  private static final Path HOME = Path.of(System.getProperty("sallyport.home"));
  private static final Pattern TESTED =
      Pattern.compile("```(?:java|text)\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyPieceOfCode_standsInTheTests() throws IOException {
    List<String> pieces = TESTED.matcher(page()).results().map(DocumentTest::plain).toList();
    assertThat(pieces).hasSizeGreaterThan(8);

    String sources;
    try (Stream<Path> files =
        Files.list(HOME.resolve("test-harness/src/test/java/dev/sallyport/harness/kit"))) {
      sources = files.map(DocumentTest::read).collect(Collectors.joining("\n"));
    }

    assertThat(pieces).allSatisfy(piece -> assertThat(plain(sources)).contains(piece));
  }

  @Test
  void everyKindOfNat_isNamed() throws IOException {
    String page = page();
    assertThat(Arrays.stream(NatKind.values()).map(NatKind::name))
        .allSatisfy(kind -> assertThat(page).contains("`" + kind + "`"));
  }

  private static String page() throws IOException {
    return Files.readString(HOME.resolve("docs/use-the-lab-in-your-tests.md"));
  }

  private static String plain(MatchResult piece) {
    return plain(piece.group(1));
  }

  private static String plain(String code) {
    return code.strip().replaceAll("\\s+", " ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
