package dev.sallyport.ws;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.LinkUpgrade.Established;
import dev.sallyport.domain.session.LinkUpgrade.Verdict;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays an upgrade, a message each way and a goodbye in memory, so that all classes are loaded. */
final class Rehearsal {
  private static final Logger log = LoggerFactory.getLogger(Rehearsal.class);
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MESSAGE_BYTES = 64 << 10;

  private Rehearsal() {}

  static void run(LinkUpgrade upgrade) {
    MemoryChannel channel = MemoryChannel.open(MESSAGE_BYTES);
    Audience audience = new Audience();
    FutureTask<Established> service =
        new FutureTask<>(
            () -> upgrade.accept(channel.peer(), Verdict.Welcome::new, audience, LIMIT));
    Daemons.thread("warm-up", service).start();
    try {
      Link caller = upgrade.dial(channel, new byte[64], audience, LIMIT).link();
      Link callee = service.get().link();
      caller.start();
      callee.start();
      caller.send(new byte[MESSAGE_BYTES]);
      callee.send("ready");
      caller.close();
      callee.close();
      if (!audience.gone.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("the warm-up of WebSocket links did not end in time");
      }
    } catch (LinkException | ExecutionException e) {
      log.warn("the warm-up of WebSocket links failed, the first link may fail too", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      channel.close();
    }
  }

  /** Waits for both ends to close. */
  private static final class Audience implements LinkListener {
    private final CountDownLatch gone = new CountDownLatch(2);

    @Override
    public void text(String message) {}

    @Override
    public void binary(byte[] message) {}

    @Override
    public void closed(boolean clean, String why) {
      gone.countDown();
    }
  }
}
