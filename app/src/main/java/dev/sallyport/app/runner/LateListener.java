package dev.sallyport.app.runner;

import dev.sallyport.domain.session.LinkListener;
import org.jspecify.annotations.Nullable;

/** A listener whose owner is known only after the link was made, but before it starts. */
final class LateListener implements LinkListener {
  private final Runnable whenClosed;
  private volatile @Nullable LinkListener owner;

  LateListener(Runnable whenClosed) {
    this.whenClosed = whenClosed;
  }

  void owner(LinkListener listener) {
    owner = listener;
  }

  @Override
  public void text(String message) {
    LinkListener to = owner;
    if (to != null) {
      to.text(message);
    }
  }

  @Override
  public void binary(byte[] message) {
    LinkListener to = owner;
    if (to != null) {
      to.binary(message);
    }
  }

  @Override
  public void closed(boolean clean, String why) {
    try {
      LinkListener to = owner;
      if (to != null) {
        to.closed(clean, why);
      }
    } finally {
      whenClosed.run();
    }
  }
}
