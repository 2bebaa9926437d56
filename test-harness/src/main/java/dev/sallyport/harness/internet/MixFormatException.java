package dev.sallyport.harness.internet;

/** A mix that cannot be had; its message is one sentence for people, with what to write instead. */
public final class MixFormatException extends Exception {
  private static final long serialVersionUID = 1;

  MixFormatException(String message) {
    super(message);
  }
}
