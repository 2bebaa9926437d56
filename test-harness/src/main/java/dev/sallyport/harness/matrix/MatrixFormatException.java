package dev.sallyport.harness.matrix;

/** A text is no matrix; the message says what is wrong with it, in one sentence. */
public final class MatrixFormatException extends Exception {
  MatrixFormatException(String message) {
    super("This is no matrix that can be read: " + message + ".");
  }
}
