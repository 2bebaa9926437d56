package dev.sallyport.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.identity.ServiceId;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceLockTest {
  private static final ServiceId ONE = ServiceId.parse("11".repeat(20));
  private static final ServiceId OTHER = ServiceId.parse("22".repeat(20));

  @TempDir Path folder;

  @Test
  void second_isToldWhoRuns_untilTheFirstEnds() throws Exception {
    ServiceLock first = held(ONE);
    assertThat(ServiceLock.acquire(folder, ONE))
        .isEqualTo(new ServiceLock.Attempt.Running(ProcessHandle.current().pid()));

    first.close();
    held(ONE).close();
  }

  @Test
  void otherServices_doNotMind() throws Exception {
    try (ServiceLock one = held(ONE);
        ServiceLock other = held(OTHER)) {
      assertThat(one).isNotSameAs(other);
    }
  }

  @Test
  void serviceOfAnotherProcess_isNamedByItsPid_andGoneWhenThatIsKilled() throws Exception {
    Process process = OtherProcess.start("lock", folder.toString(), ONE.toString());
    try (BufferedReader said = process.inputReader()) {
      assertThat(said.readLine()).isEqualTo("held");
      assertThat(ServiceLock.acquire(folder, ONE))
          .isEqualTo(new ServiceLock.Attempt.Running(process.pid()));
    } finally {
      process.destroyForcibly().waitFor();
    }
    held(ONE).close();
  }

  @Test
  void theFiles_doNotTellTheIds() throws Exception {
    try (ServiceLock lock = held(ONE);
        var files = Files.list(folder)) {
      assertThat(lock).isNotNull();
      assertThat(files).hasSize(1).noneMatch(f -> f.toString().contains("1111"));
    }
  }

  @Test
  void folderThatCannotBe_isSaidInOneSentence() throws Exception {
    Path file = Files.createFile(folder.resolve("plain"));

    assertThatThrownBy(() -> ServiceLock.acquire(file, ONE))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("cannot lock");
    // A failure leaves nothing locked behind.
    Files.delete(file);
    ((ServiceLock.Attempt.Held) ServiceLock.acquire(file, ONE)).lock().close();
  }

  private ServiceLock held(ServiceId id) throws StorageException {
    return ((ServiceLock.Attempt.Held) ServiceLock.acquire(folder, id)).lock();
  }
}
