package dev.sallyport.harness.architecture.offenders.domain.session;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

public final class TouchesProcess {
  private TouchesProcess() {}

  public static void print() {
    System.out.println();
  }

  public static void printStackTrace(Exception e) {
    e.printStackTrace();
  }

  public static @Nullable String property() {
    return System.getProperty("os.name");
  }

  public static @Nullable String environment() {
    return System.getenv("HOME");
  }

  public static void exit() {
    System.exit(0);
  }

  public static Locale locale() {
    return Locale.getDefault();
  }
}
