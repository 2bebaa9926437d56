package dev.sallyport.app.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A console whose words can be read. */
final class TestConsole {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Console console;

  private TestConsole(
      InputStream in, boolean shared, Console.End end, Map<String, String> environment) {
    console = new Console(in, out, shared ? out : err, Console.End.OTHER, end, end, environment);
  }

  /** Both outputs on one terminal, in their order. */
  static TestConsole terminal(Map<String, String> environment) {
    return new TestConsole(nothing(), true, Console.End.TERMINAL, environment);
  }

  /** Pipes, and nothing to read. */
  static TestConsole pipes() {
    return pipes(nothing(), Map.of());
  }

  static TestConsole pipes(InputStream in, Map<String, String> environment) {
    return new TestConsole(in, false, Console.End.OTHER, environment);
  }

  Console console() {
    return console;
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static InputStream nothing() {
    return new ByteArrayInputStream(new byte[0]);
  }
}
