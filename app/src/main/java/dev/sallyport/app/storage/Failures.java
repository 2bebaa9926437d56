package dev.sallyport.app.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The JDK's exceptions about files in words for people. */
final class Failures {
  private Failures() {}

  /**
   * @param doing what could not be done, as in "cannot read"
   */
  static StorageException of(String doing, Path file, IOException failure) {
    return new StorageException(doing + " " + file + ": " + why(failure));
  }

  private static String why(IOException failure) {
    return switch (failure) {
      case AccessDeniedException e -> "this user has no permission";
      case NoSuchFileException e -> "it is not there";
      case FileAlreadyExistsException e -> "something else is in its place";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> String.valueOf(failure.getMessage());
    };
  }
}
