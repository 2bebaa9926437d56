package dev.sallyport.app.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The three standard streams and what is at their other ends. Text is UTF-8 whatever the locale
 * says, because messages are; each line is written at once, so that the two outputs keep their
 * order on a terminal.
 *
 * <p>Threading: safe from any thread, one line at a time.
 */
final class Console {

  /** What a stream leads to. */
  enum End {
    TERMINAL,
    OTHER,
    /** Only Linux tells us. */
    UNKNOWN
  }

  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;
  private final End inEnd;
  private final End outEnd;
  private final End errEnd;
  private final Map<String, String> environment;
  private volatile boolean outGone;

  Console(
      InputStream in,
      OutputStream out,
      OutputStream err,
      End inEnd,
      End outEnd,
      End errEnd,
      Map<String, String> environment) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.inEnd = inEnd;
    this.outEnd = outEnd;
    this.errEnd = errEnd;
    this.environment = environment;
  }

  /** That of this process. */
  static Console ofProcess() {
    return new Console(
        StandardInput.ofProcess(),
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        end(0),
        end(1),
        end(2),
        System.getenv());
  }

  InputStream in() {
    return in;
  }

  /** Ends whoever waits for input: nothing more is wanted. */
  void closeIn() {
    try {
      in.close();
    } catch (IOException e) {
      // It is over either way.
    }
  }

  boolean inIsTerminal() {
    return inEnd == End.TERMINAL;
  }

  /** Whether what is written may be shown on a terminal, and so must not play tricks on it. */
  boolean outMayBeTerminal() {
    return outEnd != End.OTHER;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Whether nobody reads our results any more. */
  boolean isOutGone() {
    return outGone;
  }

  /** Writes a line to standard output. */
  synchronized void result(String line) {
    outGone |= !write(out, line);
  }

  /** Writes a line to standard error. */
  synchronized void narrate(String line) {
    // Whoever does not listen misses the story, not the service.
    var unused = write(err, line);
  }

  /** The text as it should look on standard output. */
  String inkOut(Ink ink, String text) {
    return outEnd == End.TERMINAL && mayColour() ? ink.on(text) : text;
  }

  /** The text as it should look on standard error. */
  String inkErr(Ink ink, String text) {
    return errEnd == End.TERMINAL && mayColour() ? ink.on(text) : text;
  }

  /** See https://no-color.org: any value but the empty one counts. */
  private boolean mayColour() {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "dumb").equals("dumb");
  }

  private static boolean write(OutputStream stream, String line) {
    try {
      stream.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      stream.flush();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Java's own console answers for input and output together only, and not the same on every
   * version.
   */
  private static End end(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      boolean terminal =
          target.startsWith("/dev/pts/")
              || target.startsWith("/dev/tty")
              || target.equals("/dev/console");
      return terminal ? End.TERMINAL : End.OTHER;
    } catch (IOException | UnsupportedOperationException e) {
      return End.UNKNOWN;
    }
  }
}
