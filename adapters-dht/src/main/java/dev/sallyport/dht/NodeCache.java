package dev.sallyport.dht;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import lbms.plugins.mldht.kad.Key;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Good nodes remembered between runs, in a text file: a line <code>sallyport dht nodes 1</code>, a
 * line that names the network by its bootstrap nodes, then a line per node: 40 hex digits of id, a
 * space, <code>192.0.2.1:6881</code>. Nothing that is wrong with the file stops anybody: it is
 * ignored, with a line in the log unless it is just not there.
 *
 * <p>Threading: blocks on the disk; not for the loop. Safe from any thread.
 */
final class NodeCache {
  static final int MAX_NODES = 100;
  private static final Logger LOG = LoggerFactory.getLogger(NodeCache.class);
  private static final String FORMAT = "sallyport dht nodes 1";
  private static final int MAX_BYTES = 32 * 1024;

  private final @Nullable Path file;
  private final String network;

  /**
   * @param file null to remember nothing
   */
  NodeCache(@Nullable Path file, DhtConfig config) {
    this.file = file;
    this.network =
        "network "
            + String.join(",", config.bootstrap().stream().map(Object::toString).sorted().toList());
  }

  /** The nodes remembered for this network. */
  List<Contact> load() {
    if (file == null) {
      return List.of();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        return ignored("it is larger than " + MAX_BYTES + " bytes");
      }
      // Latin-1 takes any byte, so that garbage is found by its form.
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | IllegalArgumentException e) {
      return ignored(String.valueOf(e.getMessage()));
    }
  }

  /** Remembers these, at most {@link #MAX_NODES}; none leaves the file as it is. */
  synchronized void save(List<Contact> contacts) {
    if (file == null || contacts.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder(FORMAT + "\n" + network + "\n");
    for (Contact contact : contacts.subList(0, Math.min(MAX_NODES, contacts.size()))) {
      text.append(contact.id().toString(false))
          .append(' ')
          .append(Endpoint.of(contact.address()))
          .append('\n');
    }
    Path temporary = null;
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      temporary = Files.createTempFile(folder, "dht-nodes", ".tmp");
      Files.writeString(temporary, text);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.info("DHT nodes are not remembered in {}: {}", file, e.toString());
      delete(temporary);
    }
  }

  private List<Contact> parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() < 2 || !lines.get(0).equals(FORMAT)) {
      return ignored("it is not a list of DHT nodes");
    }
    if (!lines.get(1).equals(network)) {
      LOG.debug("{} remembers the nodes of another network", file);
      return List.of();
    }
    List<Contact> contacts = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      int space = line.indexOf(' ');
      if (space != 40 || !Key.STRING_PATTERN.matcher(line.substring(0, 40)).matches()) {
        return ignored("a line is no node");
      }
      Key id = new Key(line.substring(0, 40));
      Endpoint endpoint = Endpoint.parse(line.substring(41));
      if (endpoint.family() == AddressFamily.IPV4) {
        contacts.add(new Contact(id, endpoint.toSocketAddress()));
      }
      if (contacts.size() == MAX_NODES) {
        break;
      }
    }
    return contacts;
  }

  private List<Contact> ignored(String why) {
    LOG.warn("the remembered DHT nodes in {} are ignored: {}", file, why);
    return List.of();
  }

  private static void delete(@Nullable Path temporary) {
    if (temporary == null) {
      return;
    }
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      LOG.debug("{} stays", temporary, e);
    }
  }
}
