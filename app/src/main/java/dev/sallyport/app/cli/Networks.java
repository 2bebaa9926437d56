package dev.sallyport.app.cli;

import com.google.inject.CreationException;
import com.google.inject.ProvisionException;
import com.google.inject.spi.Message;
import dev.sallyport.app.Sallyport;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.app.wiring.PluginException;
import java.io.UncheckedIOException;
import java.util.Collection;

/** Opens the library with what was typed. */
final class Networks {
  private Networks() {}

  static Sallyport open(NetworkOptions options) throws ProblemException {
    try {
      return Sallyport.open(options);
    } catch (CreationException e) {
      throw problem(e.getErrorMessages(), e);
    } catch (ProvisionException e) {
      throw problem(e.getErrorMessages(), e);
    }
  }

  /** What an adapter says of its options is a sentence; Guice wraps it into a page. */
  private static ProblemException problem(Collection<Message> messages, RuntimeException whole) {
    for (Message message : messages) {
      Throwable cause = message.getCause();
      if (cause instanceof IllegalArgumentException) {
        return ProblemException.usage("--rendezvous: " + cause.getMessage());
      }
      if (cause instanceof UncheckedIOException || cause instanceof PluginException) {
        return ProblemException.local(String.valueOf(cause.getMessage()));
      }
    }
    throw whole;
  }
}
