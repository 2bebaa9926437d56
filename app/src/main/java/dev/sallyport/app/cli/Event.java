package dev.sallyport.app.cli;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.session.Progress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a command has to tell: the progress of the machines, and what they know nothing of. */
sealed interface Event {
  /** What a machine reports. */
  record Happened(Progress progress) implements Event {}

  /** We turn to the rendezvous, one or more. */
  record Starting(List<String> rendezvous, List<HostPort> bootstrap) implements Event {
    public Starting {
      rendezvous = List.copyOf(rendezvous);
      bootstrap = List.copyOf(bootstrap);
    }
  }

  /**
   * Our service can be called.
   *
   * @param paste what to type on the other computer
   */
  record Registered(ServiceId id, int port, int accepted, int asked, String paste)
      implements Event {}

  /** A conversation with a person at the keyboard begins. */
  record ChatOpened() implements Event {}

  /**
   * A text came.
   *
   * @param caller whose; null for that of the service we called
   */
  record Message(@Nullable PublicKey32 caller, String text) implements Event {}

  /** Bytes that are not text came. */
  record Binary(@Nullable PublicKey32 caller, byte[] bytes) implements Event {}

  /** A link is down. */
  record LinkClosed(@Nullable PublicKey32 caller, boolean clean, String why) implements Event {}

  /** Something to know that does not end anything. */
  record Remark(String sentence) implements Event {}

  /** The report of a call is there. */
  record ReportWritten(String file) implements Event {}

  /** Our service or our nodes ended because they were told to. */
  record Stopped(String what) implements Event {}

  /** The command failed; the last event. */
  record Failed(Problem problem) implements Event {}
}
