package dev.sallyport.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.identity.AllowList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllowFileTest {
  private static final String ADA = "a".repeat(64);
  private static final String BOB = "b".repeat(64);

  @TempDir Path folder;
  private Path file = Path.of("");
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final AllowFile.Listener listener =
      new AllowFile.Listener() {
        @Override
        public void changed(AllowList list) {
          told.add(list.toString());
        }

        @Override
        public void unusable(String why) {
          told.add(why);
        }
      };

  @BeforeEach
  void nameIt() {
    file = folder.resolve("callers");
  }

  @Test
  void aChange_isTold_howeverTheFileIsReplaced() throws Exception {
    write(ADA + " Ada\n");
    try (AllowFile allowed = AllowFile.open(file)) {
      assertThat(allowed.list().size()).isEqualTo(1);
      allowed.watch(listener);
      write(ADA + " Ada\n" + BOB + " Bob\n");
      await().until(() -> told.equals(List.of("2 callers")));
      Path other = Files.writeString(folder.resolve("other"), "# nobody\n");
      Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rw-------"));
      Files.move(other, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      await().until(() -> told.equals(List.of("2 callers", "0 callers")));
    }
  }

  @Test
  void whatMakesNoSense_isToldOnce_andTheLastListStays() throws Exception {
    write(ADA + "\n");
    try (AllowFile allowed = AllowFile.open(file)) {
      write("not a key\n");
      allowed.look(listener);
      allowed.look(listener);
      assertThat(told).hasSize(1).first().asString().contains("line 1", file.toString());
      Files.delete(file);
      allowed.look(listener);
      assertThat(told).hasSize(2).last().asString().contains("it is not there");
      write(ADA + "\n");
      allowed.look(listener);
      assertThat(told).as("nothing has changed in the end").hasSize(2);
    }
  }

  @Test
  void whatCannotBeUsed_isSaidInOneSentence() throws Exception {
    List<String> sentences = new ArrayList<>();
    sentences.add(refusal());
    Files.createDirectory(file);
    sentences.add(refusal());
    Files.delete(file);
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe});
    sentences.add(refusal());
    Files.write(file, "#".repeat(AllowList.MAX_TEXT + 1).getBytes(StandardCharsets.US_ASCII));
    sentences.add(refusal());
    write(ADA + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    sentences.add(refusal());

    assertThat(sentences.get(0)).contains("it is not there");
    assertThat(sentences.get(1)).contains("is not a file");
    assertThat(sentences.get(2)).contains("not text in UTF-8");
    assertThat(sentences.get(3)).contains("more than 1048576 bytes");
    assertThat(sentences.get(4)).contains("chmod o-w " + file);
    assertThat(sentences).allSatisfy(s -> assertThat(s).contains(file + "").doesNotContain("\n"));
  }

  private String refusal() {
    List<String> said = new ArrayList<>();
    assertThatThrownBy(() -> AllowFile.open(file).close())
        .isInstanceOfSatisfying(StorageException.class, e -> said.add(e.getMessage()));
    return said.getFirst();
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }
}
