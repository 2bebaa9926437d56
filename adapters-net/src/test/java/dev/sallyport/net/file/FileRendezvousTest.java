package dev.sallyport.net.file;

import static dev.sallyport.net.file.Fixture.SEALER;
import static dev.sallyport.net.file.Fixture.done;
import static dev.sallyport.net.file.Fixture.failure;
import static dev.sallyport.net.file.Fixture.item;
import static dev.sallyport.net.file.Fixture.namesIn;
import static dev.sallyport.net.file.Fixture.plant;
import static dev.sallyport.net.file.Fixture.slot;
import static dev.sallyport.net.file.Fixture.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FileRendezvousTest {
  private static final Slot SLOT = slot(1);
  private static final Slot MAILBOX = slot(2);
  private static final Duration LONG = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private Rendezvous rendezvous;
  private final List<SealedItem> seen = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() {
    rendezvous = FileRendezvous.open(folder.toString(), SEALER);
  }

  @AfterEach
  void close() {
    rendezvous.close();
  }

  @Test
  void badFolders_areRefusedInOneSentence() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertRefused("", "names no folder");
    assertRefused("  ", "names no folder");
    assertRefused("share", "is a relative path");
    assertRefused("~/share", "is a relative path");
    assertRefused("/a\0b", "is no path");
    assertRefused(file.toString(), "is not a folder");
    assertRefused(file.resolve("below").toString(), "do not exist");
    assertRefused(folder.resolve("no/such").toString(), "do not exist");
  }

  @Test
  void missingFolder_isMade_ifTheOneAboveIsThere() {
    Path made = folder.resolve("made");
    FileRendezvous.open(made.toString(), SEALER).close();
    assertThat(made).isDirectory();
  }

  @Test
  void folder_holdsOnlyWhatIsNeeded() throws IOException {
    done(rendezvous.publish(SLOT, item(1), 1));
    done(rendezvous.publish(SLOT, item(2), 2));
    done(rendezvous.knock(MAILBOX, item(3), soon()));
    assertThat(namesIn(folder)).hasSize(2).allMatch(name -> FileName.parse(name) != null);
    rendezvous.watch(MAILBOX, Pace.FAST, seen::add);
    await().until(() -> namesIn(folder).size() == 1);
    assertThat(seen).containsExactly(item(3));
  }

  @Test
  void forgedFiles_areNotRead() throws IOException {
    Slot stranger = slot(3);
    plant(folder, SLOT, stranger, record(9, 1));
    plant(folder, MAILBOX, stranger, knock(2));
    done(rendezvous.publish(SLOT, item(3), 5));
    done(rendezvous.lookup(SLOT.topic(), seen::add));
    rendezvous.watch(MAILBOX, Pace.FAST, seen::add);
    done(rendezvous.knock(MAILBOX, item(4), soon()));
    await().until(() -> seen.contains(item(4)));
    assertThat(seen).containsExactly(item(3), item(4));
  }

  @Test
  void forgedFiles_takeNoPlaceInAMailbox() throws IOException {
    for (int i = 0; i < 2 * Mailboxes.MAX_KNOCKS; i++) {
      plant(folder, MAILBOX, slot(3), knock(i));
    }
    for (int i = 0; i < Mailboxes.MAX_KNOCKS; i++) {
      done(rendezvous.knock(MAILBOX, item(1000 + i), soon()));
    }
    assertThat(failure(rendezvous.knock(MAILBOX, item(1), soon())).reason()).isEqualTo(Reason.FULL);
  }

  @Test
  void validContentUnderAnotherName_isNotRead() throws IOException {
    FileItem real = record(7, 1);
    Path path = plant(folder, SLOT, SLOT, real);
    Path other = folder.resolve(FileName.of(SLOT.topic(), record(7, 2)).text());
    Files.move(path, other);
    done(rendezvous.lookup(SLOT.topic(), seen::add));
    assertThat(seen).isEmpty();
    Files.move(other, path);
    done(rendezvous.lookup(SLOT.topic(), seen::add));
    assertThat(seen).containsExactly(item(1));
  }

  @Test
  void symbolicLinks_areNotFollowed(@TempDir Path elsewhere) throws IOException {
    Path real = plant(elsewhere, MAILBOX, MAILBOX, knock(1));
    Files.createSymbolicLink(folder.resolve(real.getFileName()), real);
    rendezvous.watch(MAILBOX, Pace.FAST, seen::add);
    done(rendezvous.knock(MAILBOX, item(2), soon()));
    await().until(() -> seen.contains(item(2)));
    assertThat(seen).containsExactly(item(2));
  }

  /** Who opens a pipe for reading waits until somebody opens it for writing. */
  @Test
  void pipes_areNotOpened() throws Exception {
    Path pipe = folder.resolve(FileName.of(MAILBOX.topic(), knock(1)).text());
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    rendezvous.watch(MAILBOX, Pace.FAST, seen::add);
    done(rendezvous.knock(MAILBOX, item(2), soon()));
    await().until(() -> seen.contains(item(2)));
  }

  /** Sparse: it takes no room on the disk. */
  @Test
  void hugeFile_isReadNoFurtherThanNeeded() throws IOException {
    Path huge = folder.resolve(FileName.of(MAILBOX.topic(), knock(1)).text());
    try (RandomAccessFile file = new RandomAccessFile(huge.toFile(), "rw")) {
      file.write(knock(1).write(MAILBOX, SEALER));
      file.setLength(4L << 30);
    }
    rendezvous.watch(MAILBOX, Pace.FAST, seen::add);
    done(rendezvous.knock(MAILBOX, item(2), soon()));
    await().until(() -> seen.contains(item(2)));
    assertThat(seen).containsExactly(item(2));
  }

  @Test
  void halfCopiedFile_isReadWhenItIsWhole() throws IOException {
    byte[] whole = knock(1).write(MAILBOX, SEALER);
    Path path = folder.resolve(FileName.of(MAILBOX.topic(), knock(1)).text());
    Files.write(path, new byte[100]);
    rendezvous.watch(MAILBOX, Pace.FAST, seen::add);
    done(rendezvous.knock(MAILBOX, item(2), soon()));
    await().until(() -> seen.contains(item(2)));
    Files.write(path, whole);
    await().until(() -> seen.contains(item(1)));
  }

  @Test
  void newerRecord_winsWhoeverWroteLast() throws IOException {
    plant(folder, SLOT, SLOT, record(2, 2));
    plant(folder, SLOT, SLOT, record(3, 3));
    plant(folder, SLOT, SLOT, record(1, 1));
    done(rendezvous.lookup(SLOT.topic(), seen::add));
    assertThat(seen).containsExactly(item(3));
    assertThat(failure(rendezvous.publish(SLOT, item(4), 2)).reason()).isEqualTo(Reason.REJECTED);
  }

  @Test
  void expired_isSwept_andForeignFilesAreNot() throws IOException {
    Instant longAgo = Instant.now().minus(Duration.ofMinutes(11));
    Path old = plant(folder, SLOT, SLOT, new FileItem(Kind.KNOCK, 0, longAgo, item(1)));
    Path part = folder.resolve(old.getFileName() + ".0123456789abcdef.part");
    Files.createFile(part);
    Path foreign = Files.createFile(folder.resolve("budget.ods"));
    done(rendezvous.knock(MAILBOX, item(2), soon()));
    assertThat(old).doesNotExist();
    assertThat(part).doesNotExist();
    assertThat(foreign).exists();
  }

  @Test
  void fullDisk_isSaid() {
    Rendezvous full =
        new FileRendezvous(
            new SharedFolder(folder, SEALER) {
              @Override
              void store(Slot slot, FileItem item) throws IOException {
                throw new FileSystemException("x", null, "No space left on device");
              }
            },
            InstantSource.system(),
            LONG);
    RendezvousException failure = failure(full.knock(MAILBOX, item(1), soon()));
    assertThat(failure.reason()).isEqualTo(Reason.REJECTED);
    assertThat(failure)
        .hasMessage(
            "the rendezvous folder " + folder + " cannot be written to: No space left on device");
    full.close();
  }

  @Test
  void folderThatHangs_failsCallsInTime() {
    CountDownLatch never = new CountDownLatch(1);
    Rendezvous hanging = hanging(never, Duration.ofMillis(50));
    RendezvousException failure = failure(hanging.join());
    assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
    assertThat(failure).hasMessageContaining(folder.toString()).hasMessageContaining("not answer");
    assertThat(failure(hanging.publish(SLOT, item(1), 1)).reason()).isEqualTo(Reason.UNREACHABLE);
    never.countDown();
    hanging.close();
  }

  @Test
  void folderThatHangs_isLeftBehindByClose() {
    CountDownLatch never = new CountDownLatch(1);
    Rendezvous hanging = hanging(never, LONG);
    hanging.watch(MAILBOX, Pace.FAST, seen::add);
    List<CompletionStage<?>> stages = new ArrayList<>();
    stages.add(hanging.join());
    stages.add(hanging.knock(MAILBOX, item(1), soon()));
    stages.add(hanging.lookup(SLOT.topic(), seen::add));
    hanging.close();
    for (CompletionStage<?> stage : stages) {
      assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
      assertThat(failure(stage).reason()).isEqualTo(Reason.CLOSED);
    }
    never.countDown();
  }

  @Test
  void folderThatHangs_isNotGivenMoreAndMoreToDo() {
    CountDownLatch never = new CountDownLatch(1);
    Rendezvous hanging = hanging(never, LONG);
    CompletionStage<?> last = hanging.join();
    for (int i = 0; i < 300; i++) {
      last = hanging.join();
    }
    assertThat(failure(last).reason()).isEqualTo(Reason.UNREACHABLE);
    never.countDown();
    hanging.close();
  }

  @Test
  void kernel_tellsOfNewKnocks() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (FolderNews news =
        new FolderNews(folder, name -> name.isOf(MAILBOX.topic(), Kind.KNOCK), told::countDown)) {
      news.listen();
      done(rendezvous.knock(MAILBOX, item(1), soon()));
      assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Rendezvous hanging(CountDownLatch until, Duration patience) {
    return new FileRendezvous(
        new SharedFolder(folder, SEALER) {
          @Override
          List<FileName> names() throws IOException {
            boolean over = false;
            while (!over) {
              try {
                until.await();
                over = true;
              } catch (InterruptedException e) {
                // A file system that hangs cannot be interrupted.
                over = false;
              }
            }
            return super.names();
          }
        },
        InstantSource.system(),
        patience);
  }

  private static FileItem record(long sequence, int number) {
    Instant expires = Instant.now().plus(FileName.RECORD_LIFETIME);
    return new FileItem(Kind.RECORD, sequence, expires, item(number));
  }

  private static final Instant KNOCKS_EXPIRE = soon();

  private static FileItem knock(int number) {
    return new FileItem(Kind.KNOCK, 0, KNOCKS_EXPIRE, item(number));
  }

  private static void assertRefused(String path, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FileRendezvous.open(path, SEALER))
        .withMessageStartingWith("the rendezvous \"file:" + path + "\" ")
        .withMessageContaining(why)
        .withMessageContaining("for example file:/srv/sallyport");
  }
}
