package dev.sallyport.app.cli;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A link whose other end is in the test. */
final class FakeLink implements Link {
  final List<String> sent = new CopyOnWriteArrayList<>();
  private final boolean echoes;
  private final CountDownLatch sending;
  private volatile @Nullable LinkListener listener;

  /**
   * @param echoes whether what is sent comes back
   * @param sending sending blocks until it is open
   */
  FakeLink(boolean echoes, CountDownLatch sending) {
    this.echoes = echoes;
    this.sending = sending;
  }

  static FakeLink echoing(boolean echoes) {
    return new FakeLink(echoes, new CountDownLatch(0));
  }

  void tells(LinkListener whom) {
    listener = whom;
  }

  @Override
  public void start() {}

  @Override
  public void send(String text) throws LinkException {
    try {
      sending.await();
    } catch (InterruptedException e) {
      throw new LinkException(LinkException.Reason.BROKEN, "interrupted", e);
    }
    sent.add(text);
    LinkListener to = listener;
    if (echoes && to != null) {
      to.text(text);
    }
  }

  @Override
  public void send(byte[] bytes) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    down(true, "closed here");
  }

  @Override
  public void abort() {
    down(false, "aborted here");
  }

  void down(boolean clean, String why) {
    LinkListener to = listener;
    listener = null;
    if (to != null) {
      to.closed(clean, why);
    }
  }
}
