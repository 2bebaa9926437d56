package dev.sallyport.app.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportFileTest {
  @TempDir Path home;

  @Test
  void aLook_leavesEverythingAsItIs_andTheReportReplacesItWhole() throws Exception {
    Path file = Files.writeString(home.resolve("call.html"), "earlier");
    ReportFile report = ReportFile.at(file);
    assertThat(file).hasContent("earlier");
    assertThat(home).isDirectoryNotContaining("glob:**.tmp");

    report.write("grüße");
    assertThat(Files.readString(file)).isEqualTo("grüße");
    assertThat(home).isDirectoryNotContaining("glob:**.tmp");
    assertThat(report.path()).isEqualTo(file.toAbsolutePath());
  }

  @Test
  void whatIsNoOrdinaryFile_isLeftAlone() {
    Path missing = home.resolve("missing");
    assertThatThrownBy(() -> ReportFile.at(home))
        .isInstanceOf(StorageException.class)
        .hasMessage("cannot write " + home + ": it is a folder");
    assertThatThrownBy(() -> ReportFile.at(missing.resolve("call.html")))
        .isInstanceOf(StorageException.class)
        .hasMessage(
            "cannot write " + missing.resolve("call.html") + ": there is no folder " + missing);
    assertThatThrownBy(() -> ReportFile.at(Path.of("/dev/null")))
        .isInstanceOf(StorageException.class)
        .hasMessage("cannot write /dev/null: it is no ordinary file");
  }

  @Test
  void aFolderThatGoesAwayMeanwhile_isOneSentence() throws Exception {
    Path folder = Files.createDirectory(home.resolve("short-lived"));
    ReportFile report = ReportFile.at(folder.resolve("call.html"));
    Files.delete(folder);
    assertThatThrownBy(() -> report.write("late"))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("cannot write " + folder.resolve("call.html") + ": ");
  }
}
