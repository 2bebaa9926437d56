package dev.sallyport.app.storage;

import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The file that says whom a service lets in. It is looked at every second, and read anew when it
 * has changed; while it is gone or makes no sense, the list that was read last stays in force.
 *
 * <p>Threading: {@link #watch} calls back on a thread of its own.
 */
public final class AllowFile implements AutoCloseable {
  private static final int LOOK_AGAIN_SECONDS = 1;

  /** Who is told of changes. */
  public interface Listener {
    /** The file has changed. */
    void changed(AllowList list);

    /** It cannot be used now: why, in a sentence. Told once until that changes. */
    void unusable(String why);
  }

  private final Path file;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("allow-file").factory());
  private byte[] content;
  private final AllowList first;
  private String trouble = "";

  private AllowFile(Path file, byte[] content) throws StorageException {
    this.file = file;
    this.content = content;
    this.first = parse(content);
  }

  /**
   * Reads the file.
   *
   * @throws StorageException if it is not there, cannot be read, may be written by anybody, or
   *     holds something other than keys
   */
  public static AllowFile open(Path file) throws StorageException {
    return new AllowFile(file, read(file));
  }

  /** What it said when it was opened. */
  public AllowList list() {
    return first;
  }

  /** Tells of changes from now on, until it is closed. */
  public void watch(Listener listener) {
    var unused =
        looks.scheduleWithFixedDelay(
            () -> look(listener), LOOK_AGAIN_SECONDS, LOOK_AGAIN_SECONDS, TimeUnit.SECONDS);
  }

  /** Looks at the file now. */
  synchronized void look(Listener listener) {
    try {
      byte[] now = read(file);
      if (!Arrays.equals(now, content)) {
        AllowList list = parse(now);
        content = now;
        listener.changed(list);
      }
      trouble = "";
    } catch (StorageException e) {
      if (!trouble.equals(e.getMessage())) {
        trouble = e.getMessage();
        listener.unusable(trouble);
      }
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  private AllowList parse(byte[] bytes) throws StorageException {
    try {
      return AllowList.parse(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new StorageException(file + " is no list of callers: it is not text in UTF-8");
    } catch (MalformedException e) {
      throw new StorageException(file + " is no list of callers: " + e.getMessage());
    }
  }

  private static byte[] read(Path file) throws StorageException {
    try {
      PosixFileAttributes attributes = Files.readAttributes(file, PosixFileAttributes.class);
      if (!attributes.isRegularFile()) {
        throw new StorageException(
            file + " is not a file; expected a list of callers' keys, one a line");
      }
      if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new StorageException(
            "anybody on this computer may write to "
                + file
                + ", and so let himself in; forbid it with: chmod o-w "
                + file);
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(AllowList.MAX_TEXT + 1);
        if (bytes.length > AllowList.MAX_TEXT) {
          throw new StorageException(
              file + " is no list of callers: it has more than " + AllowList.MAX_TEXT + " bytes");
        }
        return bytes;
      }
    } catch (IOException e) {
      throw Failures.of("cannot read the list of callers", file, e);
    }
  }
}
