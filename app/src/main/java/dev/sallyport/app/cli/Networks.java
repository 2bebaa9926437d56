package dev.sallyport.app.cli;

import dev.sallyport.app.Sallyport;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.app.wiring.PluginException;
import java.io.UncheckedIOException;

/** Opens the library with what was typed. */
final class Networks {
  private Networks() {}

  static Sallyport open(NetworkOptions options) throws ProblemException {
    try {
      return Sallyport.open(options);
    } catch (IllegalArgumentException e) {
      throw ProblemException.usage("--rendezvous: " + e.getMessage());
    } catch (UncheckedIOException | PluginException e) {
      throw ProblemException.local(String.valueOf(e.getMessage()));
    }
  }
}
