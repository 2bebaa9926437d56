package dev.sallyport.app.runner;

import dev.sallyport.domain.session.LinkListener;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listener whose owner is known only after the link was made, but before it starts. */
final class LateListener implements LinkListener {
  private final Consumer<Boolean> whenClosed;
  private volatile @Nullable LinkListener owner;

  /**
   * @param whenClosed told after the owner, and whether there was a goodbye
   */
  LateListener(Consumer<Boolean> whenClosed) {
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
      whenClosed.accept(clean);
    }
  }
}
