package dev.sallyport.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.app.storage.NatMemoryFile;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.rendezvous.RendezvousException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the library's door promises to those who bring no Guice. */
@Timeout(30)
class SallyportTest {
  @TempDir private Path folder;

  @Test
  void aSchemeThatNobodyOffers_isAnIllegalArgument_inOneSentence() {
    assertThatThrownBy(() -> Sallyport.open(options("nowhere:")))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no rendezvous is known for \"nowhere:\"; expected one of")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aUriThatMakesNoSenseForItsScheme_isAnIllegalArgumentToo() throws Exception {
    assertThatThrownBy(() -> Sallyport.open(options("dht:somewhere")))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessage("the rendezvous \"dht:somewhere\" has more than a scheme; expected just dht:");
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> Sallyport.open(options("file:" + file)))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void oneBadUriAmongGoodOnes_isNotPassedOver() {
    assertThatThrownBy(() -> Sallyport.open(options("file:" + folder, "nowhere:")))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"nowhere:\"");
  }

  @Test
  void whatMakesSense_isOpened_andClosedWithTheLibrary() {
    Sallyport sallyport = Sallyport.open(options("file:" + folder));
    assertThat(sallyport.ports().rendezvous().join()).succeedsWithin(Duration.ofSeconds(20));
    sallyport.close();
    assertThat(sallyport.ports().rendezvous().join())
        .failsWithin(Duration.ofSeconds(20))
        .withThrowableThat()
        .withCauseInstanceOf(RendezvousException.class);
  }

  @Test
  void whatIsLearntOfTheNat_isKeptInTheCacheFolder() {
    try (Sallyport sallyport = Sallyport.open(options("file:" + folder))) {
      assertThat(sallyport.ports().memory())
          .isInstanceOf(NatMemoryFile.class)
          .hasToString(folder.resolve("cache").resolve("nat-memory").toString());
    }
  }

  private NetworkOptions options(String... rendezvous) {
    return new NetworkOptions(
        List.of(rendezvous), List.of(), List.of(), false, folder.resolve("cache"));
  }
}
