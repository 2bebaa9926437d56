package dev.sallyport.app.runner;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
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
 * <p>Threading: effects on the machine's thread; the sink on the transport's; securing on workers.
 */
final class SocketTable implements PunchTransport.Sink {
  /** Connections from outside that are open but not yet a link. */
  static final int MAX_STRANGERS = 128;

  /** Secures one connection and blocks while it does. */
  interface Securing {
    Link secure(RawConnection connection) throws LinkException;
  }

  /** One id's resources; whatever comes to a closed entry is closed at once. */
  private static final class Entry {
    private @Nullable RawConnection connection;
    private @Nullable Link link;
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

    synchronized boolean hold(Link ready) {
      if (closed) {
        ready.abort();
        return false;
      }
      link = ready;
      return true;
    }

    synchronized @Nullable RawConnection connection() {
      return closed ? null : connection;
    }

    synchronized @Nullable Link link() {
      return link;
    }

    synchronized void close() {
      closed = true;
      if (link != null) {
        link.abort();
      }
      if (connection != null) {
        connection.close();
      }
    }
  }

  private final PunchTransport transport;
  private final Executor workers;
  private final Consumer<SocketEvent> events;
  private final Map<SocketId, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicInteger strangers = new AtomicInteger();

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
        entries.put(dial.id(), new Entry(false));
        transport.dial(dial.id(), dial.localPort(), dial.remote(), dial.timeout());
      }
      case SocketEffect.Abort abort -> transport.abort(abort.id());
      case SocketEffect.Close close -> retire(close.id());
    }
  }

  /** Secures a connection on a worker; ends in {@code LinkReady} or {@code LinkFailed}. */
  void secure(SocketId id, Securing securing) {
    Entry entry = entries.get(id);
    RawConnection connection = entry == null ? null : entry.connection();
    if (entry == null || connection == null) {
      events.accept(failed(id, new LinkException(LinkException.Reason.BROKEN, "closed before")));
      return;
    }
    try {
      workers.execute(() -> runSecuring(id, entry, connection, securing));
    } catch (RejectedExecutionException e) {
      retire(id);
      events.accept(
          failed(id, new LinkException(LinkException.Reason.TIMED_OUT, "too many handshakes")));
    }
  }

  private void runSecuring(SocketId id, Entry entry, RawConnection connection, Securing securing) {
    try {
      Link link = securing.secure(connection);
      if (!entry.hold(link)) {
        throw new LinkException(LinkException.Reason.BROKEN, "closed meanwhile");
      }
      leaveStrangers(entry);
      events.accept(new SocketEvent.LinkReady(id));
    } catch (LinkException e) {
      retire(id);
      events.accept(failed(id, e));
    } catch (RuntimeException e) {
      retire(id);
      events.accept(
          failed(id, new LinkException(LinkException.Reason.PROTOCOL, "unexpected: " + e, e)));
    }
  }

  /** The link of a socket that is one, or null. */
  @Nullable Link link(SocketId id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.link();
  }

  /** Gives a link away: the table forgets it without closing it. */
  @Nullable Link take(SocketId id) {
    Entry entry = entries.remove(id);
    return entry == null ? null : entry.link();
  }

  /** How many ids are open: 0 at the end of every run. */
  int open() {
    return entries.size();
  }

  /** Closes everything. */
  void close() {
    transport.close();
    entries.keySet().forEach(this::retire);
  }

  @Override
  public void accepted(int port, RawConnection connection) {
    if (strangers.incrementAndGet() > MAX_STRANGERS) {
      strangers.decrementAndGet();
      connection.close();
      return;
    }
    SocketId id = SocketId.accepted(accepted.incrementAndGet());
    Entry entry = new Entry(true);
    entry.hold(connection);
    entries.put(id, entry);
    events.accept(new SocketEvent.Accepted(id, connection.local(), connection.remote()));
  }

  @Override
  public void connected(SocketId id, RawConnection connection) {
    Entry entry = entries.get(id);
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
    Entry entry = entries.remove(id);
    if (entry != null) {
      entry.close();
      leaveStrangers(entry);
    }
  }

  private void leaveStrangers(Entry entry) {
    if (entry.stranger.compareAndSet(true, false)) {
      strangers.decrementAndGet();
    }
  }

  private static SocketEvent failed(SocketId id, LinkException e) {
    String message = e.getMessage();
    return new SocketEvent.LinkFailed(id, e.reason(), e.refusal(), message == null ? "" : message);
  }
}
