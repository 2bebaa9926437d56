package dev.sallyport.ws;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.SecureChannel;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@link LinkUpgrade} on Java-WebSocket. The wire format is in the package comment.
 *
 * <p>A link has two daemon threads. The listener is called on one of them, and holds the peer back
 * while it blocks. One more daemon thread serves all the links of one instance as a timer, so make
 * one instance and share it. A message's bytes are copied when it is sent: the array is free once
 * {@code send} returns.
 *
 * <p>Threading: any thread, any number of upgrades at once. The judge runs on a thread of its own,
 * which is interrupted when the time is up.
 */
public final class WebSocketUpgrade implements LinkUpgrade {
  private final LinkLimits limits;
  private final ScheduledExecutorService timer = Daemons.timer("link-timer");
  private final AtomicBoolean warm = new AtomicBoolean();

  /** With the limits of the package comment. */
  public WebSocketUpgrade() {
    this(LinkLimits.DEFAULT);
  }

  WebSocketUpgrade(LinkLimits limits) {
    this.limits = limits;
  }

  @Override
  public Established dial(
      SecureChannel channel, byte[] hello, LinkListener listener, Duration timeout)
      throws LinkException {
    return within(
        timeout,
        channel,
        deadline -> {
          WebSocketEngine engine = WebSocketEngine.client();
          byte[] request = engine.request(hello);
          channel.write(request, 0, request.length);
          HttpHead response = HttpHead.read(channel, UpgradeWire.RESPONSE_START);
          byte[] welcome = UpgradeWire.welcome(response);
          engine.open(response);
          return new Upgraded(engine, response.rest(), welcome);
        },
        listener);
  }

  @Override
  public Established accept(
      SecureChannel channel, HelloJudge judge, LinkListener listener, Duration timeout)
      throws LinkException {
    return within(
        timeout,
        channel,
        deadline -> {
          HttpHead request = HttpHead.read(channel, UpgradeWire.REQUEST_START);
          byte[] hello = UpgradeWire.hello(request);
          Verdict verdict = verdict(judge, hello, deadline);
          if (verdict instanceof Verdict.Refuse refuse) {
            byte[] refusal = UpgradeWire.refusal(refuse.code());
            channel.write(refusal, 0, refusal.length);
            throw LinkException.refused(refuse.code());
          }
          byte[] welcome = ((Verdict.Welcome) verdict).bytes();
          WebSocketEngine engine = WebSocketEngine.server();
          byte[] response = engine.open(request, welcome);
          channel.write(response, 0, response.length);
          return new Upgraded(engine, request.rest(), welcome);
        },
        listener);
  }

  /** What both roles end with. */
  private record Upgraded(WebSocketEngine engine, byte[] leftover, byte[] welcome) {}

  private interface Handshake {
    Upgraded run(long deadline) throws LinkException;
  }

  /** Runs a handshake; at the deadline the channel is closed, which ends whatever it waits for. */
  private Established within(
      Duration timeout, SecureChannel channel, Handshake handshake, LinkListener listener)
      throws LinkException {
    AtomicBoolean decided = new AtomicBoolean();
    long deadline = System.nanoTime() + timeout.toNanos();
    ScheduledFuture<?> alarm =
        timer.schedule(
            () -> {
              if (decided.compareAndSet(false, true)) {
                channel.close();
              }
            },
            timeout.toNanos(),
            TimeUnit.NANOSECONDS);
    boolean up = false;
    try {
      Upgraded upgraded = handshake.run(deadline);
      if (!decided.compareAndSet(false, true)) {
        throw new LinkException(LinkException.Reason.BROKEN, "the channel was closed");
      }
      up = true;
      WebSocketLink link =
          WebSocketLink.open(
              channel, upgraded.engine(), upgraded.leftover(), listener, limits, timer);
      return new Established(link, upgraded.welcome());
    } catch (LinkException e) {
      boolean late = !decided.compareAndSet(false, true);
      throw late && e.reason() == LinkException.Reason.BROKEN ? timedOut(e) : e;
    } finally {
      alarm.cancel(false);
      if (!up) {
        channel.close();
      }
    }
  }

  /** Asks the judge on a thread of its own, so that one who never answers holds up nobody. */
  private static Verdict verdict(HelloJudge judge, byte[] hello, long deadline)
      throws LinkException {
    FutureTask<Verdict> asked = new FutureTask<>(() -> judge.judge(hello));
    Daemons.thread("hello-judge", asked).start();
    try {
      return asked.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw timedOut(e);
    } catch (ExecutionException e) {
      throw new LinkException(
          LinkException.Reason.BROKEN, "the judge of the HELLO failed: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinkException(LinkException.Reason.BROKEN, "interrupted during the upgrade", e);
    } finally {
      asked.cancel(true);
    }
  }

  private static LinkException timedOut(Exception cause) {
    return new LinkException(
        LinkException.Reason.TIMED_OUT, "the WebSocket upgrade took too long", cause);
  }

  @Override
  public void warmUp() {
    if (warm.compareAndSet(false, true)) {
      Rehearsal.run(this);
    }
  }
}
