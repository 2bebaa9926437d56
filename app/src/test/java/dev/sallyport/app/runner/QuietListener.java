package dev.sallyport.app.runner;

import dev.sallyport.domain.session.LinkListener;

/** Does not mind what comes over a link. */
final class QuietListener implements LinkListener {
  @Override
  public void text(String message) {}

  @Override
  public void binary(byte[] message) {}

  @Override
  public void closed(boolean clean, String why) {}
}
