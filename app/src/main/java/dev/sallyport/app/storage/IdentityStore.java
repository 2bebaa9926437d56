package dev.sallyport.app.storage;

import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.IdentityPem;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * An identity in a file: an Ed25519 key as PKCS#8 PEM, for its owner's eyes only. It is made where
 * there is none, all at once: whoever comes at the same moment finds the same one. What is there is
 * never written to, whatever it is.
 *
 * <p>Threading: safe from any thread and from several processes.
 */
public final class IdentityStore {
  private static final int MAX_BYTES = 1 << 16;

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private final Path file;
  private final Sealer sealer;
  private final RandomGenerator random;

  /**
   * @param random cryptographically strong
   */
  public IdentityStore(Path file, Sealer sealer, RandomGenerator random) {
    this.file = file.toAbsolutePath();
    this.sealer = sealer;
    this.random = random;
  }

  /**
   * An identity and where it came from.
   *
   * @param created whether this call made it
   */
  public record Stored(Identity identity, Path file, boolean created) {}

  /**
   * Reads the identity, or makes one if there is no file.
   *
   * @throws StorageException if the file is not a key, is not its owner's alone, or cannot be read
   *     or made
   */
  public Stored loadOrCreate() throws StorageException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS) && create()) {
      return new Stored(load(), file, true);
    }
    return new Stored(load(), file, false);
  }

  private Identity load() throws StorageException {
    try {
      check(Files.readAttributes(file, PosixFileAttributes.class));
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
      Secret32 seed = IdentityPem.decode(new String(bytes, StandardCharsets.UTF_8));
      return Identity.fromSeed(seed, sealer);
    } catch (MalformedException e) {
      throw new StorageException(file + " is left as it is, but cannot be used: " + e.getMessage());
    } catch (IOException e) {
      throw Failures.of("cannot read the identity", file, e);
    }
  }

  private void check(PosixFileAttributes attributes) throws StorageException {
    if (!attributes.isRegularFile()) {
      throw new StorageException(
          file + " is not a file; name one with --identity, for example --identity me.pem");
    }
    Set<PosixFilePermission> permissions = attributes.permissions();
    if (permissions.stream().anyMatch(OTHERS::contains)) {
      throw new StorageException(
          "the identity "
              + file
              + " is open to other users ("
              + PosixFilePermissions.toString(permissions)
              + "), so it may be known to them; if it is not, close it with: chmod 600 "
              + file);
    }
  }

  /**
   * Writes a new key to a file of another name, and gives it the right name only when it is whole.
   *
   * @return false if another process was faster
   */
  private boolean create() throws StorageException {
    try {
      Path folder = file.getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder, OWNER_FOLDER);
      }
      Path draft = file.resolveSibling("." + file.getFileName() + "." + randomName());
      try {
        write(draft);
        return place(draft);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw Failures.of("cannot make the identity", file, e);
    }
  }

  private void write(Path draft) throws IOException {
    byte[] seed = new byte[Secret32.LENGTH];
    random.nextBytes(seed);
    byte[] pem = IdentityPem.encode(Secret32.of(seed)).getBytes(StandardCharsets.US_ASCII);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OWNER_FILE)) {
      ByteBuffer bytes = ByteBuffer.wrap(pem);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** A second name for a file fails if the name is taken; renaming would overwrite. */
  private boolean place(Path draft) throws IOException {
    try {
      Files.createLink(file, draft);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | NoSuchFileException e) {
      throw new FileSystemException(
          file.toString(), null, "this file system has no hard links to make it safely with");
    }
  }

  private String randomName() {
    byte[] name = new byte[8];
    random.nextBytes(name);
    return HexFormat.of().formatHex(name);
  }
}
