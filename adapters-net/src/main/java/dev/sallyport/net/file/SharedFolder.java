package dev.sallyport.net.file;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.domain.wire.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one folder. What is read is bounded: so many names, so many bytes of a file, regular
 * files only.
 *
 * <p>Threading: confined to one thread, which every method may block for as long as the file system
 * does.
 */
class SharedFolder {
  private static final Logger LOG = LoggerFactory.getLogger(SharedFolder.class);

  /** No folder that somebody means to meet in has more. */
  private static final int MAX_NAMES = 65_536;

  private static final int MAX_GARBAGE = 4096;

  private final Path folder;
  private final Sealer sealer;
  private final SecureRandom random = new SecureRandom();

  /** What was not worth reading, and will not be until it changes. */
  private final Map<String, Stamp> garbage =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Stamp> eldest) {
          return size() > MAX_GARBAGE;
        }
      };

  /** How a file looks from outside; it looks otherwise when it was written to. */
  private record Stamp(long size, Instant modified, boolean isRegular) {}

  SharedFolder(Path folder, Sealer sealer) {
    this.folder = folder;
    this.sealer = sealer;
  }

  Path path() {
    return folder;
  }

  /** Our files in the folder, by their names. */
  List<FileName> names() throws IOException {
    List<FileName> names = new ArrayList<>();
    int read = 0;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
      for (Path path : all) {
        FileName name = FileName.parse(String.valueOf(path.getFileName()));
        if (name != null) {
          names.add(name);
        }
        if (++read >= MAX_NAMES) {
          break;
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /**
   * Reads and verifies a file; null if it has gone or is not what its name says: that is for one
   * file, and says nothing about the folder.
   */
  @Nullable FileItem read(FileName name, Topic topic) {
    Path path = folder.resolve(name.text());
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Stamp stamp =
          new Stamp(
              attributes.size(),
              attributes.lastModifiedTime().toInstant(),
              attributes.isRegularFile());
      if (stamp.equals(garbage.get(name.text()))) {
        return null;
      }
      FileItem item = stamp.isRegular() ? decode(bytes(path), name, topic) : null;
      if (item == null) {
        garbage.put(name.text(), stamp);
      }
      return item;
    } catch (IOException e) {
      LOG.debug("{} cannot be read: {}", path, e.toString());
      return null;
    }
  }

  /**
   * Writes an item, all at once.
   *
   * @throws RendezvousException {@code REJECTED} if nobody would read it, because the seed is not
   *     the topic's
   */
  void store(Slot slot, FileItem item) throws IOException {
    if (!sealer.signingKey(slot.seed()).equals(slot.topic().key())) {
      throw new RendezvousException(
          Reason.REJECTED, "the seed to sign with is not the one of the topic");
    }
    FileName name = FileName.of(slot.topic(), item);
    Path part = folder.resolve(name.text() + "." + randomHex() + ".part");
    try {
      try (SeekableByteChannel out =
          Files.newByteChannel(
              part, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        ByteBuffer bytes = ByteBuffer.wrap(item.write(slot, sealer));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      }
      Files.move(part, folder.resolve(name.text()), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      deleteQuietly(part);
      throw e;
    }
  }

  void delete(FileName name) {
    deleteQuietly(folder.resolve(name.text()));
  }

  /** Deletes what has expired by any clock, half-written files too. */
  void sweep(List<FileName> names, Instant now) {
    names.stream().filter(name -> name.isRubbish(now)).forEach(this::delete);
  }

  private @Nullable FileItem decode(byte[] bytes, FileName name, Topic topic) {
    try {
      FileItem item = FileItem.read(bytes, topic, sealer);
      return FileName.of(topic, item).equals(name) ? item : null;
    } catch (MalformedException e) {
      LOG.debug("{} is ignored: {}", name.text(), e.getMessage());
      return null;
    }
  }

  /** At most one byte more than any file of ours has. */
  private static byte[] bytes(Path path) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(FileItem.MAX_BYTES + 1);
    try (SeekableByteChannel in =
        Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      while (buffer.hasRemaining() && in.read(buffer) >= 0) {
        // Reads on.
      }
    }
    byte[] read = new byte[buffer.position()];
    buffer.flip().get(read);
    return read;
  }

  private static void deleteQuietly(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Somebody else's, or a folder that is read-only for us: it goes when its time is over.
      LOG.debug("{} cannot be deleted: {}", path, e.toString());
    }
  }

  private String randomHex() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }
}
