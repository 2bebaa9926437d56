package dev.sallyport.app.cli;

import dev.sallyport.app.NetworkOptions;
import dev.sallyport.app.Sallyport;

/** Opens the library with what was typed. */
final class Networks {
  private Networks() {}

  static Sallyport open(NetworkOptions options) throws ProblemException {
    try {
      return Sallyport.open(options);
    } catch (IllegalArgumentException e) {
      throw ProblemException.usage("--rendezvous: " + e.getMessage());
    }
  }
}
