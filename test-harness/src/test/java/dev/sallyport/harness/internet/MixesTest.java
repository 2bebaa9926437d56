package dev.sallyport.harness.internet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mixes that are shipped are whole, and anybody's file is as good. */
final class MixesTest {
  private static final List<String> NAMES = Mixes.NAMES;

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @FieldSource("NAMES")
  void aShippedMix_namesItsSources_andItsYear(String name) throws MixFormatException {
    Mix mix = Mixes.find(name);
    assertThat(mix.name()).isEqualTo(name);
    assertThat(mix.measured()).isBetween(2000, 2026);
    assertThat(mix.sources()).hasSizeGreaterThanOrEqualTo(2).allMatch(s -> s.length() > 30);
    assertThat(mix.judgements()).isNotEmpty();
    assertThat(
            mix.sample().isPresent() || mix.hosts().stream().anyMatch(p -> p.weight().hasRange()))
        .isTrue();
  }

  @Test
  void theList_isWhatIsInTheFolder() throws IOException, URISyntaxException {
    Path mixes =
        Path.of(Objects.requireNonNull(Mixes.class.getResource("mixes/ford-2005.mix")).toURI())
            .resolveSibling("");
    try (Stream<Path> files = Files.list(mixes)) {
      assertThat(files.map(file -> String.valueOf(file.getFileName())))
          .containsExactlyInAnyOrderElementsOf(NAMES.stream().map(n -> n + ".mix").toList());
    }
  }

  @Test
  void theNewest_comesFirst() {
    assertThat(Mixes.shipped()).hasSameSizeAs(NAMES);
    assertThat(Mixes.shipped().getFirst()).isEqualTo(Mixes.newest());
    assertThat(Mixes.newest().name()).isEqualTo("libp2p-2025");
    assertThat(Mixes.shipped())
        .extracting(Mix::measured)
        .isSortedAccordingTo((a, b) -> Integer.compare(b, a));
  }

  @Test
  void aFile_isCalledByItsName() throws IOException, MixFormatException {
    Path file = folder.resolve("our-office.mix");
    Files.writeString(file, MixTexts.with("sample 4 hosts", "nat 100% none"));
    assertThat(Mixes.find(file.toString()).name()).isEqualTo("our-office");
  }

  @Test
  void anErrorInAFile_namesTheFile() throws IOException {
    Path file = folder.resolve("wrong.mix");
    Files.writeString(file, MixTexts.with("nat some none"));
    assertThatThrownBy(() -> Mixes.find(file.toString()))
        .isInstanceOf(MixFormatException.class)
        .hasMessageStartingWith(file + ", line 5: ");
  }

  @Test
  void aFolder_isNoMix() {
    assertThatThrownBy(() -> Mixes.find(folder.toString()))
        .isInstanceOf(MixFormatException.class)
        .hasMessageContaining("cannot be read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"guha", "ford-2005.mix", "libp2p"})
  void whatIsNeither_isAnsweredWithTheNames(String name) {
    assertThatThrownBy(() -> Mixes.find(name))
        .isInstanceOf(MixFormatException.class)
        .hasMessageContaining("\"" + name + "\"")
        .hasMessageContaining(String.join(", ", NAMES));
  }
}
