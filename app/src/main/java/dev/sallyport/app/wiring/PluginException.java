package dev.sallyport.app.wiring;

/** A third party's jar cannot be used; the message is one sentence that names it. */
public final class PluginException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PluginException(String message, Throwable cause) {
    super(message, cause);
  }

  PluginException(String message) {
    super(message);
  }
}
