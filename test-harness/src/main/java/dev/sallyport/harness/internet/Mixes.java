package dev.sallyport.harness.internet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Where mixes come from: those that are shipped, by name, and anybody's files. */
public final class Mixes {
  /** The files in the folder {@code mixes}; a jar cannot be asked what is in it. */
  static final List<String> NAMES =
      List.of("ford-2005", "halkes-2011", "richter-2016", "richter-2016-mobile", "libp2p-2025");

  private static final String SUFFIX = ".mix";

  private Mixes() {}

  /**
   * All that are shipped, the newest measurement first, the more so the earlier in the alphabet.
   */
  public static List<Mix> shipped() {
    List<Mix> mixes = new ArrayList<>();
    for (String name : NAMES) {
      mixes.add(resource(name));
    }
    mixes.sort(Comparator.comparingInt(Mix::measured).reversed().thenComparing(Mix::name));
    return mixes;
  }

  /** The newest that is shipped. */
  public static Mix newest() {
    return shipped().getFirst();
  }

  /**
   * @param nameOrPath the name of one that is shipped, or else the path of a file
   * @throws MixFormatException if there is neither, or the file is not a mix
   */
  public static Mix find(String nameOrPath) throws MixFormatException {
    if (NAMES.contains(nameOrPath)) {
      return resource(nameOrPath);
    }
    String file = nameOrPath;
    try {
      Path path = Path.of(file);
      if (Files.notExists(path)) {
        throw new MixFormatException(
            "\""
                + file
                + "\" is neither a file nor a mix that is shipped; expected one of "
                + String.join(", ", NAMES)
                + ", or the path of a file");
      }
      String name = String.valueOf(path.getFileName());
      return MixReader.read(
          name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name,
          file,
          readAtMost(path));
    } catch (IOException | IllegalArgumentException e) {
      throw new MixFormatException("\"" + file + "\" cannot be read: " + e.getMessage());
    }
  }

  private static String readAtMost(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      return new String(in.readNBytes(MixReader.MOST_CHARS + 1), StandardCharsets.UTF_8);
    }
  }

  private static Mix resource(String name) {
    String path = "mixes/" + name + SUFFIX;
    try (InputStream in = Mixes.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + " is not in the jar");
      }
      return MixReader.read(name, path, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MixFormatException e) {
      throw new IllegalStateException(e);
    }
  }
}
