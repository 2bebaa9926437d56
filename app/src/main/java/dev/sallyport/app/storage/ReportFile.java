package dev.sallyport.app.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that something is written to at the end of a run: whether that will go is found out at its
 * beginning. It is replaced as a whole; nothing but an ordinary file ever is. Not thread-safe.
 */
public final class ReportFile {
  private final Path file;
  private final Path folder;

  private ReportFile(Path file, Path folder) {
    this.file = file;
    this.folder = folder;
  }

  /**
   * Makes sure that it can be written, and leaves what is there as it is.
   *
   * @throws StorageException with one clear sentence if it cannot
   */
  public static ReportFile at(Path file) throws StorageException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null || Files.isDirectory(absolute)) {
      throw new StorageException("cannot write " + file + ": it is a folder");
    }
    if (!Files.isDirectory(folder)) {
      throw new StorageException("cannot write " + file + ": there is no folder " + folder);
    }
    if (Files.exists(absolute) && !Files.isRegularFile(absolute)) {
      throw new StorageException("cannot write " + file + ": it is no ordinary file");
    }
    if (Files.exists(absolute) && !Files.isWritable(absolute)) {
      throw new StorageException("cannot write " + file + ": this user has no permission");
    }
    ReportFile report = new ReportFile(absolute, folder);
    try {
      // That a folder's disk is full or read-only shows only when something is written.
      Files.delete(report.draft(" "));
      return report;
    } catch (IOException e) {
      throw Failures.of("cannot write", file, e);
    }
  }

  /**
   * Writes it; whoever reads meanwhile sees the earlier file or this one, whole.
   *
   * @throws StorageException with one clear sentence if it cannot
   */
  public void write(String text) throws StorageException {
    try {
      Path draft = draft(text);
      try {
        replaceBy(draft);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw Failures.of("cannot write", file, e);
    }
  }

  /** Its whole path. */
  public Path path() {
    return file;
  }

  private void replaceBy(Path draft) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path draft(String text) throws IOException {
    Path draft = Files.createTempFile(folder, ".report", ".tmp");
    try {
      return Files.writeString(draft, text, StandardCharsets.UTF_8);
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
  }
}
