package dev.sallyport.app.runner;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.SocketEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which resource each socket id of one machine stands for: carries out socket effects, turns what
 * the transport says into events, and closes what comes up for an id that is gone.
 *
 * <p>Threading: effects on the machine's thread; the sink on the transport's; securing and
 * upgrading on workers.
 *
 * @param <T> what comes with a link
 */
final class SocketTable<T> implements PunchTransport.Sink {
  /** Connections from outside that are open but not yet a link: some more than a machine holds. */
  static final int MAX_STRANGERS = 192;

  /** A link, and what its maker wants to find beside it. */
  record Upgraded<T>(Link link, T with) {}

  /** Secures one connection and blocks while it does. */
  interface Securing {
    SecureChannel secure(RawConnection connection) throws LinkException;
  }

  /** Makes a link of one secured connection and blocks while it does. */
  interface Upgrading<T> {
    Upgraded<T> upgrade(SecureChannel channel) throws LinkException;
  }

  /** One step of a connection on its way to a link. */
  private interface Step<T> {
    void take(Entry<T> entry) throws LinkException;
  }

  private final PunchTransport transport;
  private final Executor workers;
  private final Consumer<SocketEvent> events;
  private final Map<SocketId, Entry<T>> entries = new ConcurrentHashMap<>();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicInteger strangers = new AtomicInteger();
  private volatile boolean closed;

  SocketTable(PunchTransport.Factory transports, Executor workers, Consumer<SocketEvent> events) {
    this.workers = workers;
    this.events = events;
    this.transport = transports.open(this);
  }

  PunchTransport transport() {
    return transport;
  }

  void execute(SocketEffect effect) {
    switch (effect) {
      case SocketEffect.Dial dial -> {
        entries.put(dial.id(), new Entry<>(false));
        transport.dial(dial.id(), dial.localPort(), dial.remote(), dial.timeout());
      }
      case SocketEffect.Abort abort -> transport.abort(abort.id());
      case SocketEffect.Close close -> retire(close.id());
    }
  }

  /** Secures a connection on a worker; {@code then} runs there, or {@code LinkFailed} comes. */
  void secure(SocketId id, Securing securing, Runnable then) {
    onWorker(
        id,
        entry -> {
          secure(entry, securing);
          then.run();
        });
  }

  /** Upgrades a secured connection on a worker; ends in {@code LinkReady} or {@code LinkFailed}. */
  void upgrade(SocketId id, Upgrading<T> upgrading) {
    onWorker(id, entry -> upgrade(id, entry, upgrading));
  }

  /** Both on one worker; ends in {@code LinkReady} or {@code LinkFailed}. */
  void secureAndUpgrade(SocketId id, Securing securing, Upgrading<T> upgrading) {
    onWorker(
        id,
        entry -> {
          secure(entry, securing);
          upgrade(id, entry, upgrading);
        });
  }

  private void secure(Entry<T> entry, Securing securing) throws LinkException {
    RawConnection connection = entry.connection();
    if (connection == null || !entry.hold(securing.secure(connection))) {
      throw gone();
    }
  }

  private void upgrade(SocketId id, Entry<T> entry, Upgrading<T> upgrading) throws LinkException {
    SecureChannel channel = entry.channel();
    if (channel == null || !entry.hold(upgrading.upgrade(channel))) {
      throw gone();
    }
    leaveStrangers(entry);
    events.accept(new SocketEvent.LinkReady(id));
  }

  private void onWorker(SocketId id, Step<T> step) {
    Entry<T> entry = entries.get(id);
    if (entry == null) {
      fail(id, gone());
      return;
    }
    try {
      workers.execute(() -> take(id, entry, step));
    } catch (RejectedExecutionException e) {
      fail(id, new LinkException(LinkException.Reason.TIMED_OUT, "too many handshakes", e));
    }
  }

  private void take(SocketId id, Entry<T> entry, Step<T> step) {
    try {
      step.take(entry);
    } catch (LinkException e) {
      fail(id, e);
    } catch (RuntimeException | Error e) {
      fail(id, new LinkException(LinkException.Reason.PROTOCOL, "unexpected: " + e, e));
      if (e instanceof Error error) {
        throw error;
      }
    }
  }

  private void fail(SocketId id, LinkException why) {
    retire(id);
    String message = why.getMessage();
    events.accept(
        new SocketEvent.LinkFailed(
            id, why.reason(), why.refusal(), message == null ? "" : message));
  }

  private static LinkException gone() {
    return new LinkException(LinkException.Reason.BROKEN, "closed meanwhile");
  }

  /** The link of a socket that is one, or null. */
  @Nullable Upgraded<T> link(SocketId id) {
    Entry<T> entry = entries.get(id);
    return entry == null ? null : entry.link();
  }

  /** Gives a link away: the table forgets it without closing it. */
  @Nullable Upgraded<T> take(SocketId id) {
    Entry<T> entry = entries.remove(id);
    return entry == null ? null : entry.link();
  }

  /** How many ids are open: 0 at the end of every run. */
  int open() {
    return entries.size();
  }

  /** Closes everything, and whatever still comes. */
  void close() {
    closed = true;
    transport.close();
    entries.keySet().forEach(this::retire);
  }

  @Override
  public void accepted(int port, RawConnection connection) {
    if (strangers.incrementAndGet() > MAX_STRANGERS || closed) {
      strangers.decrementAndGet();
      connection.close();
      return;
    }
    SocketId id = SocketId.accepted(accepted.incrementAndGet());
    Entry<T> entry = new Entry<>(true);
    entry.hold(connection);
    entries.put(id, entry);
    if (closed) {
      retire(id); // close() may have looked just before it was there
      return;
    }
    events.accept(new SocketEvent.Accepted(id, connection.local(), connection.remote()));
  }

  @Override
  public void connected(SocketId id, RawConnection connection) {
    Entry<T> entry = entries.get(id);
    if (entry == null) {
      connection.close();
    } else if (entry.hold(connection)) {
      events.accept(new SocketEvent.Dialed(id, connection.local(), connection.remote()));
    }
  }

  @Override
  public void failed(SocketId id, DialFailure failure) {
    entries.remove(id);
    events.accept(new SocketEvent.DialFailed(id, failure));
  }

  private void retire(SocketId id) {
    Entry<T> entry = entries.remove(id);
    if (entry != null) {
      entry.close();
      leaveStrangers(entry);
    }
  }

  private void leaveStrangers(Entry<T> entry) {
    if (entry.stranger.compareAndSet(true, false)) {
      strangers.decrementAndGet();
    }
  }

  /** One id's resources; whatever comes to a closed entry is closed at once. */
  private static final class Entry<T> {
    private @Nullable RawConnection connection;
    private @Nullable SecureChannel channel;
    private @Nullable Upgraded<T> link;
    private boolean closed;

    /** Whether it still counts as a stranger's. */
    private final AtomicBoolean stranger;

    Entry(boolean stranger) {
      this.stranger = new AtomicBoolean(stranger);
    }

    synchronized boolean hold(RawConnection raw) {
      if (closed) {
        raw.close();
        return false;
      }
      connection = raw;
      return true;
    }

    synchronized boolean hold(SecureChannel secured) {
      if (closed) {
        secured.close();
        return false;
      }
      channel = secured;
      return true;
    }

    synchronized boolean hold(Upgraded<T> ready) {
      if (closed) {
        ready.link().abort();
        return false;
      }
      link = ready;
      return true;
    }

    synchronized @Nullable RawConnection connection() {
      return closed ? null : connection;
    }

    synchronized @Nullable SecureChannel channel() {
      return closed ? null : channel;
    }

    synchronized @Nullable Upgraded<T> link() {
      return link;
    }

    synchronized void close() {
      closed = true;
      if (link != null) {
        link.link().abort();
      }
      if (channel != null) {
        channel.close();
      }
      if (connection != null) {
        connection.close();
      }
    }
  }
}
