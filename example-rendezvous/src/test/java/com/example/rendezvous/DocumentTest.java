package com.example.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that explains this module shows the code that is there. */
class DocumentTest {
  private static final Path HOME = Path.of(System.getProperty("sallyport.home"));
  private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void everyPieceOfCode_standsInTheSources() throws IOException {
    String page = Files.readString(HOME.resolve("docs/write-your-own-rendezvous.md"));
    List<String> pieces = CODE.matcher(page).results().map(DocumentTest::plain).toList();
    assertThat(pieces).hasSizeGreaterThan(4);

    String sources;
    try (Stream<Path> files = Files.walk(HOME.resolve("example-rendezvous/src"))) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(DocumentTest::read)
              .collect(Collectors.joining("\n"));
    }

    assertThat(pieces).allSatisfy(piece -> assertThat(plain(sources)).contains(piece));
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
