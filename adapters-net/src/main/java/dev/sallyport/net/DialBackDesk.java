package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final RefusalSigns signs = new RefusalSigns();
  private final Set<Dial> open = new LinkedHashSet<>();
  private final Map<InetAddress, Integer> perSource = new HashMap<>();

  /** A dial under way. */
  final class Dial {
    private final SocketChannel channel;
    private final DialBackOrder order;
    private final Endpoint target;
    private final Endpoint source;
    private final Instant started;
    private final Consumer<DialBack> then;

    private Dial(
        SocketChannel channel,
        DialBackOrder order,
        Endpoint target,
        Endpoint source,
        Instant started,
        Consumer<DialBack> then) {
      this.channel = channel;
      this.order = order;
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
        outcome = failed(DialErrors.onFinish(e), now);
      }
      end(outcome, now);
    }

    private void end(Outcome outcome, Instant now) {
      Quietly.close(channel);
      remove(this);
      Duration took = Duration.between(started, now);
      then.accept(DialBack.done(order.from(), outcome, source, took));
    }

    private boolean isOver(Instant now) {
      Duration wished = order.patience().isZero() ? limits.dialTime() : order.patience();
      Duration granted = wished.compareTo(limits.longestDial()) < 0 ? wished : limits.longestDial();
      return !now.isBefore(started.plus(granted));
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

  /** To be called in every round, so that refusals and their reasons are found together. */
  void look(Instant now) {
    if (!open.isEmpty()) {
      signs.look(now);
    }
  }

  private void add(Dial dial, Instant now) {
    if (open.isEmpty()) {
      signs.forget();
    }
    signs.look(now);
    open.add(dial);
    perSource.merge(SourceLimit.source(dial.target.address()), 1, Integer::sum);
  }

  private void remove(Dial dial) {
    if (open.remove(dial)) {
      perSource.computeIfPresent(
          SourceLimit.source(dial.target.address()),
          (source, count) -> count == 1 ? null : count - 1);
    }
  }

  private Outcome failed(DialFailure failure, Instant now) {
    RefusalSign sign = failure == DialFailure.REFUSED ? signs.judge(now) : RefusalSign.UNCLEAR;
    return Outcome.of(failure, sign);
  }

  /**
   * Starts a dial and tells what came of it, now or later, once.
   *
   * @param source the address to dial from; null if there is none
   */
  void dial(
      DialBackOrder order,
      Endpoint target,
      @Nullable InetAddress source,
      Instant now,
      Consumer<DialBack> then) {
    if (source == null || AddressFamily.of(source) != target.family()) {
      then.accept(DialBack.none(order.from(), Outcome.NOT_POSSIBLE));
      return;
    }
    InetAddress asker = SourceLimit.source(target.address());
    if (perSource.getOrDefault(asker, 0) >= limits.sourceDials()
        || open.size() >= limits.dials()
        || !rate.take(target.address(), now)) {
      then.accept(DialBack.none(order.from(), Outcome.LIMITED));
      return;
    }
    Dial dial;
    try {
      dial = open(order, target, source, now, then);
    } catch (IOException | RuntimeException e) {
      then.accept(DialBack.none(order.from(), Outcome.NOT_POSSIBLE));
      return;
    }
    add(dial, now);
    try {
      if (!dial.channel.connect(target.toSocketAddress())) {
        dial.channel.register(selector, SelectionKey.OP_CONNECT, dial);
        return;
      }
    } catch (IOException | RuntimeException e) {
      dial.end(failed(DialErrors.onStart(e, false), now), now);
      return;
    }
    dial.finish(now);
  }

  private Dial open(
      DialBackOrder order,
      Endpoint target,
      InetAddress source,
      Instant now,
      Consumer<DialBack> then)
      throws IOException {
    SocketChannel channel = PunchSockets.dialer(target, 0);
    try {
      channel.configureBlocking(false);
      channel.bind(new InetSocketAddress(source, 0));
      Endpoint at = new Endpoint(source, channel.socket().getLocalPort());
      return new Dial(channel, order, target, at, now, then);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Gives up what takes too long. */
  void expire(Instant now) {
    for (Dial dial : List.copyOf(open)) {
      if (dial.isOver(now)) {
        dial.end(Outcome.SILENT, now);
      }
    }
  }

  void close() {
    open.forEach(dial -> Quietly.close(dial.channel));
    open.clear();
    perSource.clear();
  }
}
