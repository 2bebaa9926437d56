package dev.sallyport.net.file;

import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** What a file system says, in words a person can act on. */
final class Trouble {
  private Trouble() {}

  /** The folder cannot be read. */
  static RendezvousException reading(Path folder, IOException e) {
    return new RendezvousException(
        Reason.UNREACHABLE, "the rendezvous folder " + folder + " " + words("read", e));
  }

  /** The folder can be read and not written to. */
  static RendezvousException writing(Path folder, IOException e) {
    return new RendezvousException(
        e instanceof NoSuchFileException ? Reason.UNREACHABLE : Reason.REJECTED,
        "the rendezvous folder " + folder + " " + words("written to", e));
  }

  private static String words(String done, IOException e) {
    return switch (e) {
      case NoSuchFileException gone -> "is not there: was it moved, or is its disk not mounted?";
      case NotDirectoryException file -> "is no folder any more";
      case AccessDeniedException denied ->
          "may not be " + done + " by this user: its permissions forbid it";
      case FileSystemException other when other.getReason() != null ->
          "cannot be " + done + ": " + other.getReason();
      default -> "cannot be " + done + ": " + e.getMessage();
    };
  }
}
