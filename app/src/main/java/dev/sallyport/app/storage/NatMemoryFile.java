package dev.sallyport.app.storage;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link NatMemory} in a text file: a line <code>sallyport nat memory 1</code>, then a line per
 * network, the latest first: our address there, the external one, when it was learnt in
 * milliseconds since 1970, and the {@link NatProfile} in hexadecimal as records have it. Nothing
 * that is wrong with the file stops anybody: it is ignored, with a line in the log for who looks
 * for it, and the next that is learnt replaces it.
 *
 * <p>Threading: blocks on the disk; safe from any thread and from several processes. The file is
 * replaced whole; of two processes that write at the same moment one may be in vain.
 */
public final class NatMemoryFile implements NatMemory {
  static final int MAX_NETWORKS = 32;

  private static final Logger LOG = LoggerFactory.getLogger(NatMemoryFile.class);
  private static final String FORMAT = "sallyport nat memory 1";
  private static final int MAX_BYTES = 8 * 1024;

  private final Path file;

  /**
   * @param file need not be there, nor its folder
   */
  public NatMemoryFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  @Override
  public @Nullable Remembered recall(NetworkId network, Instant now) {
    return find(load(), network, now);
  }

  @Override
  public synchronized void remember(Remembered learnt) {
    NetworkId network = learnt.network();
    List<Remembered> before = load();
    Remembered latest = learnt.keeping(find(before, network, learnt.learntAt()));
    List<Remembered> all =
        Stream.concat(Stream.of(latest), before.stream().filter(r -> !r.network().equals(network)))
            .sorted(Comparator.comparing(Remembered::learntAt).reversed())
            .limit(MAX_NETWORKS)
            .toList();
    save(all);
  }

  private static @Nullable Remembered find(List<Remembered> all, NetworkId network, Instant now) {
    return all.stream()
        .filter(r -> r.network().equals(network) && r.isFreshAt(now))
        .findFirst()
        .orElse(null);
  }

  private List<Remembered> load() {
    try {
      // Whatever else has the name, to open it might be to wait for somebody to write.
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        return ignored("it is not a file");
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
      return bytes.length > MAX_BYTES
          ? ignored("it is larger than " + MAX_BYTES + " bytes")
          // Latin-1 takes any byte, so that garbage is found by its form.
          : parse(new String(bytes, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | MalformedException | IllegalArgumentException e) {
      return ignored(e.toString());
    }
  }

  private List<Remembered> parse(String text) throws MalformedException {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
      return ignored("it does not remember NATs");
    }
    if (lines.size() > 1 + MAX_NETWORKS) {
      return ignored("it has too many lines");
    }
    List<Remembered> all = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      all.add(read(line));
    }
    return all;
  }

  private static Remembered read(String line) throws MalformedException {
    String[] words = line.split(" ", 5);
    if (words.length != 4) {
      throw new MalformedException("a line has not four words");
    }
    ByteReader in = new ByteReader(HexFormat.of().parseHex(words[3]), "a remembered profile");
    NatProfile profile = NatProfile.read(in);
    in.end();
    return new Remembered(
        new NetworkId(address(words[0])),
        address(words[1]),
        profile,
        Instant.ofEpochMilli(Long.parseLong(words[2])));
  }

  private static InetAddress address(String text) throws MalformedException {
    InetAddress address = IpLiteral.parse(text);
    if (address == null) {
      throw new MalformedException("a word is no address");
    }
    return address;
  }

  private void save(List<Remembered> all) {
    StringBuilder text = new StringBuilder(FORMAT).append('\n');
    for (Remembered one : all) {
      ByteWriter profile = new ByteWriter();
      one.profile().write(profile);
      text.append(IpLiteral.format(one.network().address()))
          .append(' ')
          .append(IpLiteral.format(one.external()))
          .append(' ')
          .append(one.learntAt().toEpochMilli())
          .append(' ')
          .append(HexFormat.of().formatHex(profile.toByteArray()))
          .append('\n');
    }
    Path draft = null;
    try {
      Path folder = file.resolveSibling("");
      Files.createDirectories(folder);
      draft = Files.createTempFile(folder, "nat-memory", ".tmp"); // for its owner only
      Files.writeString(draft, text);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.debug("what was learnt of the NAT is not remembered in {}: {}", file, e.toString());
      delete(draft);
    }
  }

  private List<Remembered> ignored(String why) {
    LOG.debug("the remembered NATs in {} are ignored: {}", file, why);
    return List.of();
  }

  private static void delete(@Nullable Path draft) {
    if (draft == null) {
      return;
    }
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      LOG.debug("{} stays", draft, e);
    }
  }
}
