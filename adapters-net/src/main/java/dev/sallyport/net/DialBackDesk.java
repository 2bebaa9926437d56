package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.net.DialBack.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Dials back to those who ask for it. What is dialled is an argument that only {@link
 * StunResponder} gives, from the socket that the question came over. For the observer's thread
 * only.
 *
 * <p>A dial is a plain TCP connect from a port that the kernel chooses: such a port was never used
 * towards the asker, whereas our listening ports may hold a connection with him already. Nothing is
 * sent; a connection that is made ends at once.
 */
final class DialBackDesk {
  private final ResponderLimits limits;
  private final SourceLimit rate;
  private final Selector selector;
  private final Map<InetAddress, Dial> open = new HashMap<>();

  /** A dial under way. */
  final class Dial {
    private final SocketChannel channel;
    private final Vantage from;
    private final Endpoint target;
    private final Endpoint source;
    private final Instant started;
    private final Consumer<DialBack> then;

    private Dial(
        SocketChannel channel,
        Vantage from,
        Endpoint target,
        Endpoint source,
        Instant started,
        Consumer<DialBack> then) {
      this.channel = channel;
      this.from = from;
      this.target = target;
      this.source = source;
      this.started = started;
      this.then = then;
    }

    /** The kernel knows how it went. */
    void finish(Instant now) {
      Outcome outcome;
      try {
        if (!channel.finishConnect()) {
          return;
        }
        outcome = Outcome.ARRIVED;
        // An abortive close could make the connection vanish before the asker sees it.
        channel.setOption(StandardSocketOptions.SO_LINGER, -1);
      } catch (IOException | RuntimeException e) {
        outcome = Outcome.of(DialErrors.onFinish(e));
      }
      end(outcome, now);
    }

    private void end(Outcome outcome, Instant now) {
      Quietly.close(channel);
      open.remove(SourceLimit.source(target.address()));
      Duration took = Duration.between(started, now);
      then.accept(DialBack.done(from, outcome, source, took));
    }
  }

  DialBackDesk(ResponderLimits limits, Selector selector) {
    this.limits = limits;
    this.rate = limits.dialLimit();
    this.selector = selector;
  }

  boolean isIdle() {
    return open.isEmpty();
  }

  /**
   * Starts a dial and tells what came of it, now or later, once.
   *
   * @param source the address to dial from; null if there is none
   */
  void dial(
      Vantage from,
      Endpoint target,
      @Nullable InetAddress source,
      Instant now,
      Consumer<DialBack> then) {
    if (source == null || AddressFamily.of(source) != target.family()) {
      then.accept(DialBack.none(from, Outcome.NOT_POSSIBLE));
      return;
    }
    InetAddress asker = SourceLimit.source(target.address());
    if (open.containsKey(asker)
        || open.size() >= limits.dials()
        || !rate.take(target.address(), now)) {
      then.accept(DialBack.none(from, Outcome.LIMITED));
      return;
    }
    Dial dial;
    try {
      dial = open(from, target, source, now, then);
    } catch (IOException | RuntimeException e) {
      then.accept(DialBack.none(from, Outcome.NOT_POSSIBLE));
      return;
    }
    open.put(asker, dial);
    try {
      if (!dial.channel.connect(target.toSocketAddress())) {
        dial.channel.register(selector, SelectionKey.OP_CONNECT, dial);
        return;
      }
    } catch (IOException | RuntimeException e) {
      dial.end(Outcome.of(DialErrors.onStart(e, false)), now);
      return;
    }
    dial.finish(now);
  }

  private Dial open(
      Vantage from, Endpoint target, InetAddress source, Instant now, Consumer<DialBack> then)
      throws IOException {
    SocketChannel channel = PunchSockets.dialer(target, 0);
    try {
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress(source, 0));
      Endpoint at = new Endpoint(source, channel.socket().getLocalPort());
      return new Dial(channel, from, target, at, now, then);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Gives up what takes too long. */
  void expire(Instant now) {
    for (Dial dial : List.copyOf(open.values())) {
      if (!now.isBefore(dial.started.plus(limits.dialTime()))) {
        dial.end(Outcome.SILENT, now);
      }
    }
  }

  void close() {
    open.values().forEach(dial -> Quietly.close(dial.channel));
    open.clear();
  }
}
