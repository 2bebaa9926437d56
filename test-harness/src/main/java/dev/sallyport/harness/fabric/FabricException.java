package dev.sallyport.harness.fabric;

/** The machine cannot play a scenario; the message says what it refused, in one sentence. */
public final class FabricException extends Exception {
  public FabricException(String message) {
    super(message);
  }

  public FabricException(String message, Throwable cause) {
    super(message, cause);
  }
}
