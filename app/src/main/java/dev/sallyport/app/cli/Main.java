package dev.sallyport.app.cli;

/** The program {@code sallyport}. */
public final class Main {
  private static final long START_NANOS = System.nanoTime();

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Standard output is for results; whatever a library prints there is none.
    System.setOut(System.err);
    int code = Cli.run(arguments, Main::millisSinceStart);
    System.exit(code);
  }

  private static long millisSinceStart() {
    return (System.nanoTime() - START_NANOS) / 1_000_000;
  }
}
