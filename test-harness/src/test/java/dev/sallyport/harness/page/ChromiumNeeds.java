package dev.sallyport.harness.page;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a class of tests, loudly, where no Chromium is. Where {@code CI=true} there must be one:
 * there the tests fail.
 */
final class ChromiumNeeds implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    if (Chromium.find().isPresent()) {
      return;
    }
    String line =
        context.getDisplayName()
            + " cannot run here. It needs chromium, not found in the path; install with: apt-get"
            + " install chromium";
    if ("true".equals(System.getenv("CI"))) {
      Assertions.fail(line);
    }
    String frame = "*".repeat(Math.min(100, line.length() + 11));
    System.err.println(frame + "\n* SKIPPED: " + line + "\n" + frame);
    Assumptions.abort(line);
  }
}
