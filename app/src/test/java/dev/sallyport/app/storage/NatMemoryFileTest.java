package dev.sallyport.app.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NatMemoryFileTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final NetworkId HERE = network("192.168.1.2");
  private static final NatProfile PROFILE =
      new NatProfile(
          Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 80),
          Finding.of(Behavior.ENDPOINT_INDEPENDENT, 95),
          Finding.of(Behavior.ADDRESS_DEPENDENT, 60),
          Finding.unknown(),
          Finding.of(new PortAllocation.Sequential(-2), 80),
          Finding.of(UnsolicitedSyn.DROP, 100),
          true,
          false);

  @TempDir Path folder;

  @Test
  void whatIsRemembered_isRecalled_byTheNextProcessToo() {
    memory().remember(learnt(HERE, NOON));
    assertThat(memory().recall(HERE, NOON.plusSeconds(1))).isEqualTo(learnt(HERE, NOON));
    assertThat(memory().recall(network("192.168.1.3"), NOON)).isNull();
    assertThat(memory().recall(HERE, NOON.plus(Remembered.LIFETIME))).isNull();
  }

  @Test
  void whatIsNotFoundAgain_isKeptBesides() {
    memory().remember(learnt(HERE, NOON));
    NatProfile mapped =
        new NatProfile(
            Finding.of(Behavior.ADDRESS_DEPENDENT, 80),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            false,
            false);
    Instant later = NOON.plusSeconds(60);
    memory().remember(new Remembered(HERE, address("203.0.113.7"), mapped, later));
    Remembered now = Objects.requireNonNull(memory().recall(HERE, later));
    assertThat(now.profile().tcpMapping()).isEqualTo(mapped.tcpMapping());
    assertThat(now.profile().tcpFiltering()).isEqualTo(PROFILE.tcpFiltering());
    assertThat(now.learntAt()).isEqualTo(NOON);
  }

  @Test
  void withoutAFile_orAFolder_nothingIsKnown_andBothAreMade_forTheirOwnerOnly() throws Exception {
    Path file = folder.resolve("a").resolve("b");
    NatMemoryFile memory = new NatMemoryFile(file);
    assertThat(memory.recall(HERE, NOON)).isNull();
    memory.remember(learnt(HERE, NOON));
    assertThat(memory.recall(HERE, NOON)).isNotNull();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).startsWith("sallyport nat memory 1\n192.168.1.2 203.");
  }

  @Test
  void ofManyNetworks_theLatestStay() throws Exception {
    NatMemoryFile memory = memory();
    for (int i = 0; i < 100; i++) {
      memory.remember(learnt(network("10.0.0." + i), NOON.plusSeconds(i)));
    }
    Instant now = NOON.plusSeconds(100);
    assertThat(memory.recall(network("10.0.0.99"), now)).isNotNull();
    assertThat(memory.recall(network("10.0.0.68"), now)).isNotNull();
    assertThat(memory.recall(network("10.0.0.67"), now)).isNull();
    assertThat(Files.readAllLines(file())).hasSize(1 + NatMemoryFile.MAX_NETWORKS);
    assertThat(Files.size(file())).isLessThan(8 * 1024);
  }

  @Test
  void whatIsNoMemory_isIgnored_andReplaced() throws Exception {
    for (String text :
        new String[] {
          "",
          "something else",
          "sallyport nat memory 2\n",
          "sallyport nat memory 1\n\n",
          "sallyport nat memory 1\n192.168.1.2 203.0.113.7 1 00",
          "sallyport nat memory 1\nexample.org 203.0.113.7 1 " + "00".repeat(15),
          "sallyport nat memory 1\n192.168.1.2 2001:db8::1 1 " + "00".repeat(15),
          "sallyport nat memory 1\n192.168.1.2 203.0.113.7 99999999999999999999 " + "00".repeat(15),
          "x".repeat(1 << 20)
        }) {
      Files.writeString(file(), text);
      assertThat(memory().recall(HERE, NOON)).isNull();
      memory().remember(learnt(HERE, NOON));
      assertThat(memory().recall(HERE, NOON)).isNotNull();
    }
  }

  @Test
  void garbage_isNeverMoreThanIgnored() throws Exception {
    memory().remember(learnt(HERE, NOON));
    memory().remember(learnt(network("10.0.0.9"), NOON));
    byte[] valid = Files.readAllBytes(file());
    for (long seed = 0; seed < 2000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = valid.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextBoolean() ? (byte) random.nextInt(256) : (byte) "0 19\n.-f".charAt(i);
      }
      Files.write(file(), bytes);
      try {
        Remembered found = memory().recall(HERE, NOON);
        assertThat(found == null || found.network().equals(HERE)).as("seed %d", seed).isTrue();
        if (seed % 20 == 0) {
          memory().remember(learnt(HERE, NOON.plusSeconds(1)));
          assertThat(memory().recall(HERE, NOON.plusSeconds(1))).as("seed %d", seed).isNotNull();
        }
      } catch (RuntimeException e) {
        throw new AssertionError(
            "seed " + seed + ": " + new String(bytes, StandardCharsets.ISO_8859_1), e);
      }
    }
  }

  @Test
  void aFolderInItsPlace_stopsNobody() throws Exception {
    Files.createDirectories(file().resolve("full"));
    memory().remember(learnt(HERE, NOON));
    assertThat(memory().recall(HERE, NOON)).isNull();
    try (var files = Files.list(folder)) {
      assertThat(files).as("no draft stays").containsExactly(file());
    }
    NatMemoryFile below = new NatMemoryFile(Files.createFile(folder.resolve("f")).resolve("x"));
    below.remember(learnt(HERE, NOON));
    assertThat(below.recall(HERE, NOON)).isNull();
  }

  @Test
  void twoProcessesAtOnce_leaveAWholeFile() throws Exception {
    Process other = OtherProcess.start("nat-memory", file().toString());
    try (BufferedReader said = other.inputReader()) {
      assertThat(said.readLine()).isEqualTo("writing");
      Instant start = Instant.now();
      int seen = 0;
      for (int i = 0; i < 300; i++) {
        memory().remember(learnt(HERE, start));
        assertThat(Files.readAllLines(file()).size()).isBetween(2, 3);
        seen += memory().recall(HERE, start) == null ? 0 : 1;
      }
      assertThat(seen).as("a write may be in vain, not each").isPositive();
      assertThat(other.waitFor()).isZero();
    } finally {
      other.destroyForcibly().waitFor();
    }
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file());
    }
  }

  static Remembered learnt(NetworkId network, Instant when) {
    return new Remembered(network, address("203.0.113.7"), PROFILE, when);
  }

  static NetworkId network(String address) {
    return new NetworkId(address(address));
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  private NatMemoryFile memory() {
    return new NatMemoryFile(file());
  }

  private Path file() {
    return folder.resolve("nat-memory");
  }
}
