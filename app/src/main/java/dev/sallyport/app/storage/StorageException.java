package dev.sallyport.app.storage;

/** A file is not as it has to be; the message says which, why, and what helps, in one sentence. */
public final class StorageException extends Exception {
  private static final long serialVersionUID = 1L;

  public StorageException(String message) {
    super(message);
  }

  /** The sentence. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
