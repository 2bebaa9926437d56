package dev.sallyport.harness.play;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launchers build, and when: with a stand-in for Maven. */
class LauncherTest {
  private static final List<String> MODULES =
      List.of("domain", "adapters-dht", "adapters-net", "adapters-ws", "app");

  @TempDir Path home;

  @BeforeEach
  void makeAHouse() throws IOException {
    Path launch = Objects.requireNonNull(AppCommand.home()).resolve(".launch.sh");
    Files.copy(launch, home.resolve(".launch.sh"));
    Files.createFile(home.resolve("pom.xml"));
    for (String module : MODULES) {
      Files.createDirectories(home.resolve(module).resolve("src/main"));
      Files.createDirectories(home.resolve(module).resolve("target"));
      Files.createFile(home.resolve(module).resolve("pom.xml"));
    }
  }

  @Test
  void whatIsBuilt_isNotBuiltAgain_untilASourceIsNewer() throws Exception {
    maven("echo whole >app/target/sallyport.jar");
    assertThat(launch()).contains("building (first run takes a minute)");
    assertThat(launch()).doesNotContain("building");
    Files.createFile(home.resolve("domain/src/main/New.java"));
    assertThat(launch()).contains("building");
  }

  /** Ctrl+C in the middle of the first run: half a jar is newer than every source. */
  @Test
  void aBuildThatWasCutShort_isBegunAnew_withoutWhatItLeftBehind() throws Exception {
    maven(
        "echo half >domain/target/domain.jar; echo half >app/target/sallyport.jar; kill -9 $PPID");
    launch();
    assertThat(home.resolve("app/target/sallyport.jar")).hasContent("half");
    maven("[ -e domain/target/domain.jar ] && exit 1; echo whole >app/target/sallyport.jar");
    assertThat(launch()).contains("building");
    assertThat(home.resolve("app/target/sallyport.jar")).hasContent("whole");
    assertThat(launch()).doesNotContain("building");
  }

  private void maven(String script) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    Path mvn = Files.writeString(bin.resolve("mvn"), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwx------"));
  }

  private String launch() throws Exception {
    ProcessBuilder shell =
        new ProcessBuilder(
            "/bin/sh", "-c", "home=$PWD; . ./.launch.sh; feature=21; jdk=x; build app");
    shell.directory(home.toFile()).redirectErrorStream(true);
    shell.environment().merge("PATH", home + "/bin", (old, bin) -> bin + ":" + old);
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}
