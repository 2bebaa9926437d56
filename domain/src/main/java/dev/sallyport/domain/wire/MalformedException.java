package dev.sallyport.domain.wire;

/**
 * Bytes or text that are not what their format says. The only exception a decoder throws; its
 * message says what was wrong and what was expected, and holds no secret.
 */
public final class MalformedException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
