package dev.sallyport.harness.play;

import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Tools;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** DHT nodes of libtorrent in the middle, run by a script that stands beside this class. */
final class LibtorrentNodes {
  private static final String SCRIPT = "libtorrent-nodes.py";

  private LibtorrentNodes() {}

  /**
   * The command that runs them, not yet started. What it takes on standard input the script says.
   *
   * @param folder where the script is copied to
   */
  static ProcessBuilder command(Network network, Path folder, List<InetAddress> addresses, int port)
      throws IOException {
    Path script = folder.resolve(SCRIPT);
    try (InputStream in = LibtorrentNodes.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new FileNotFoundException(SCRIPT + " is missing beside the classes");
      }
      Files.write(script, in.readAllBytes());
    }
    List<String> words = new ArrayList<>();
    words.addAll(List.of(Tools.DEBIAN_PYTHON, script.toString(), Integer.toString(port)));
    addresses.forEach(address -> words.add(address.getHostAddress()));
    return network.command(Place.MIDDLE, words, Map.of());
  }
}
