package dev.sallyport.app.storage;

import dev.sallyport.domain.identity.ServiceId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes sure that a service, which is one identity and name, runs once: two would take turns at
 * overwriting each other's record. Held until {@link #close} or the end of the process, however
 * that comes. Safe from any thread.
 */
public final class ServiceLock implements AutoCloseable {
  /** Those of this process: the system's own locks do not keep one process from itself. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final int MAX_PID = 20;

  private final Path file;
  private final FileChannel channel;

  private ServiceLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** What came of trying. */
  public sealed interface Attempt {
    /** It is ours now. */
    record Held(ServiceLock lock) implements Attempt {}

    /**
     * The service runs already.
     *
     * @param pid the process; 0 if it did not say
     */
    record Running(long pid) implements Attempt {}
  }

  /**
   * Tries to become the one who serves an id.
   *
   * @param folder where locks are; made if it is not there
   * @throws StorageException if nothing can be locked there
   */
  public static Attempt acquire(Path folder, ServiceId id) throws StorageException {
    Path file = folder.toAbsolutePath().resolve(fileName(id));
    // Opening and closing the file once more would drop the lock this process may have on it.
    if (!HELD.add(file)) {
      return new Attempt.Running(ProcessHandle.current().pid());
    }
    @Nullable ServiceLock ours = null;
    try {
      ours = tryLock(file);
      return ours != null ? new Attempt.Held(ours) : new Attempt.Running(readPid(file));
    } catch (IOException e) {
      throw Failures.of("cannot lock", file, e);
    } finally {
      if (ours == null) {
        HELD.remove(file);
      }
    }
  }

  /** Lets the next one serve. Idempotent. The file stays: removing it could remove another's. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The end of the process unlocks it too.
    } finally {
      HELD.remove(file);
    }
  }

  private static @Nullable ServiceLock tryLock(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    FileChannel channel =
        FileChannel.open(file, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE));
    @Nullable FileLock lock = null;
    try {
      lock = channel.tryLock();
      if (lock == null) {
        return null;
      }
      sayPid(channel);
      return new ServiceLock(file, channel);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
  }

  private static void sayPid(FileChannel channel) {
    String pid = ProcessHandle.current().pid() + "\n";
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    } catch (IOException e) {
      // A full disk: it is locked all the same, only nobody can say by whom.
    }
  }

  private static long readPid(Path file) throws IOException {
    byte[] bytes = new byte[MAX_PID];
    int length;
    try (var in = Files.newInputStream(file)) {
      length = in.readNBytes(bytes, 0, bytes.length);
    }
    String digits = new String(bytes, 0, length, StandardCharsets.US_ASCII).strip();
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }

  /** A hash, because a list of files must not be a list of ids: whoever has an id can call it. */
  private static String fileName(ServiceId id) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update("sallyport lock\0".getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(sha256.digest(id.toByteArray()), 0, 8) + ".lock";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
