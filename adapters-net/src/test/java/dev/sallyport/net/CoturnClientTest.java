package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our observer, asked by clients that we did not write. */
class CoturnClientTest {
  @TempDir Path folder;

  @BeforeAll
  static void find() {
    Coturn.requireInstalled("turnutils_stunclient", "turnutils_natdiscovery");
  }

  @Test
  void stunclient_learnsItsAddress_andWhereElseToAsk() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.2", "127.0.0.3")) {
      assertThat(run("turnutils_stunclient", "-f", "-p", "" + observer.port, "127.0.0.2"))
          .contains("UDP reflexive addr: 127.0.0.1:")
          .contains("Response origin: : " + observer.at(0, 0))
          .contains("Other addr: : " + observer.at(1, 1));
    }
  }

  @Test
  void natdiscovery_findsNoNat_byBothItsTests() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.2", "127.0.0.3")) {
      Endpoint changed = observer.at(1, 1);
      assertThat(run("turnutils_natdiscovery", "-m", "-f", "-p", "" + observer.port, "127.0.0.2"))
          .contains("NAT with Endpoint Independent Mapping!")
          .contains("NAT with Endpoint Independent Filtering!")
          .contains("Response origin: : " + changed);
    }
  }

  private String run(String... command) throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(log, StandardCharsets.UTF_8);
  }
}
