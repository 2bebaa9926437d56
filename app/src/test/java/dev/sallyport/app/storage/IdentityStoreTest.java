package dev.sallyport.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.identity.IdentityPem;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Secret32;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityStoreTest {
  @TempDir Path home;

  @Test
  void firstUse_makesAKeyForItsOwnerOnly_inFoldersForItsOwnerOnly() throws Exception {
    Path folder = home.resolve("a/b");
    Path file = folder.resolve("identity.pem");

    IdentityStore.Stored stored = store(file).loadOrCreate();

    assertThat(stored.created()).isTrue();
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(folder)).isEqualTo("rwx------");
    assertThat(filesIn(folder)).containsExactly(file);
  }

  @Test
  void laterUse_findsTheSameKey() throws Exception {
    Path file = home.resolve("identity.pem");
    var first = store(file).loadOrCreate();
    var second = store(file).loadOrCreate();

    assertThat(second.created()).isFalse();
    assertThat(second.identity()).isEqualTo(first.identity());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|empty",
        "hello|not a PEM text",
        "-----BEGIN OPENSSH PRIVATE KEY-----|OpenSSH key",
        "-----BEGIN RSA PRIVATE KEY-----|RSA key",
        "-----BEGIN PRIVATE KEY-----|cut short",
        "-----BEGIN PRIVATE KEY-----!!-----END PRIVATE KEY-----|damaged"
      })
  void foreignOrCorruptFile_isRefusedInOneSentence_andLeftAsItIs(String text, String why)
      throws IOException {
    Path file = owned("identity.pem", text);

    assertThatThrownBy(() -> store(file).loadOrCreate())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why)
        .hasMessageContaining("left as it is");
    assertThat(file).hasContent(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw-r--r--", "rw----r--", "rw--w----"})
  void fileOpenToOthers_isRefused_withTheCommandThatClosesIt(String mode) throws IOException {
    String pem = IdentityPem.encode(Secret32.of(new byte[Secret32.LENGTH]));
    Path file = owned("identity.pem", pem);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));

    assertThatThrownBy(() -> store(file).loadOrCreate())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(mode)
        .hasMessageContaining("chmod 600 " + file);
    assertThat(file).hasContent(pem);
  }

  @Test
  void folderInItsPlace_isRefused() {
    assertThatThrownBy(() -> store(home).loadOrCreate())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("is not a file");
  }

  @Test
  void linkToNothing_isRefused_andNothingIsMadeBehindIt() throws IOException {
    Path target = home.resolve("nothing");
    Path link = Files.createSymbolicLink(home.resolve("identity.pem"), target);

    assertThatThrownBy(() -> store(link).loadOrCreate())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("is not there");
    assertThat(target).doesNotExist();
  }

  @Test
  void fileWhereAFolderShouldBe_isSaidInOneSentence() throws IOException {
    Path file = owned("plain", "x").resolve("identity.pem");

    assertThatThrownBy(() -> store(file).loadOrCreate())
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("cannot make the identity " + file);
  }

  @Test
  void manyAtOnce_endWithOneIdentity() throws Exception {
    Path file = home.resolve("identity.pem");
    Set<Object> keys = new HashSet<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
      Callable<Object> use = () -> store(file).loadOrCreate().identity();
      for (Future<Object> one : pool.invokeAll(List.of(use, use, use, use, use, use, use, use))) {
        keys.add(one.get());
      }
    }
    assertThat(keys).hasSize(1);
    assertThat(filesIn(home)).containsExactly(file);
  }

  @Test
  void twoProcessesAtOnce_endWithOneIdentity() throws Exception {
    Path file = home.resolve("identity.pem");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(OtherProcess.start("identity", file.toString()));
    }
    Set<String> keys = new HashSet<>();
    for (Process process : processes) {
      keys.add(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
      assertThat(process.waitFor()).isZero();
    }
    assertThat(keys).containsExactly(store(file).loadOrCreate().identity().key().toString());
  }

  private Path owned(String name, String text) throws IOException {
    Path file =
        Files.createFile(
            home.resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text);
  }

  private static IdentityStore store(Path file) {
    return new IdentityStore(file, new JdkSealer(), new SecureRandom());
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static List<Path> filesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
