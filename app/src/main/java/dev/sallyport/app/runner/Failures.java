package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.RendezvousException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Turns what a stage failed with into the one exception the rendezvous port declares. */
final class Failures {
  private Failures() {}

  static RendezvousException of(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof RendezvousException rendezvous) {
      return rendezvous;
    }
    return new RendezvousException(RendezvousException.Reason.REJECTED, message(cause));
  }

  private static String message(Throwable cause) {
    @Nullable String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
