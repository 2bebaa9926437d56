package dev.sallyport.app.storage;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where things are kept, by the XDG Base Directory Specification 0.8: {@code
 * $XDG_CONFIG_HOME/sallyport} (by default {@code ~/.config/sallyport}) and {@code
 * $XDG_CACHE_HOME/sallyport} (by default {@code ~/.cache/sallyport}). A relative path in those
 * variables is ignored, as the specification demands. Nothing is created here. Immutable.
 */
public final class Folders {
  private static final String OURS = "sallyport";

  private final Map<String, String> environment;

  /**
   * @param environment as of {@link System#getenv()}
   */
  public Folders(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The identity that is used unless another one is named. */
  public Path identity() throws StorageException {
    return config().resolve("identity.pem");
  }

  /** Where running services say that they run. */
  public Path locks() throws StorageException {
    return config().resolve("locks");
  }

  /** What can be lost. */
  public Path cache() throws StorageException {
    return base("XDG_CACHE_HOME", ".cache").resolve(OURS);
  }

  private Path config() throws StorageException {
    return base("XDG_CONFIG_HOME", ".config").resolve(OURS);
  }

  private Path base(String variable, String fallback) throws StorageException {
    Path chosen = absolute(environment.get(variable));
    if (chosen != null) {
      return chosen;
    }
    // HOME comes first, as for every other program; Java's own idea of it is the password file's.
    Path home = absolute(environment.get("HOME"));
    if (home == null) {
      home = absolute(System.getProperty("user.home"));
    }
    if (home == null) {
      throw new StorageException(
          "there is no home folder to keep things in; set HOME, or "
              + variable
              + ", to an absolute path, for example HOME=/root");
    }
    return home.resolve(fallback);
  }

  private static @Nullable Path absolute(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      Path path = Path.of(text);
      return path.isAbsolute() ? path : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
