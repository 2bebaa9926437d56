package dev.sallyport.harness.page;

import dev.sallyport.harness.LabNeeds;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips a class of tests, loudly, where no Chromium is. Where {@code CI=true} there must be one:
 * there the tests fail.
 */
final class ChromiumNeeds implements BeforeAllCallback {
  @Override
  public void beforeAll(ExtensionContext context) {
    if (Chromium.find().isEmpty()) {
      LabNeeds.skip(
          context,
          "It needs a Chromium, and there is none in the path; install with: apt-get install"
              + " chromium");
    }
  }
}
