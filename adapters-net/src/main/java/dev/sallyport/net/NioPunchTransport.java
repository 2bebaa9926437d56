package dev.sallyport.net;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.net.OpenDials.Dial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link PunchTransport} on NIO: one daemon thread, one selector, and non-blocking sockets that
 * share their local port. TCP simultaneous open (RFC 9293 section 3.5) needs no more than that: the
 * kernel matches an incoming SYN with a socket that has sent its own before it looks for a
 * listener.
 *
 * <p>At most {@value #MAX_OPEN_DIALS} dials are open at once; one more fails with {@code
 * NO_RESOURCES}. How fast dials follow each other is the caller's to decide. A connection to
 * ourselves (the kernel lets a socket open simultaneously with itself) fails with {@code NO_ROUTE}:
 * there is nobody else at that endpoint. An ICMP "port unreachable" counts as {@code REFUSED}, for
 * the kernel reports it like a reset.
 *
 * <p>Connections are handed over in blocking mode, with TCP_NODELAY and SO_KEEPALIVE. Closing one
 * before it is secured resets it, so that its pair of endpoints is free for the next try.
 *
 * <p>Threading: as the port says. After {@link #close} a dial still gets its event ({@code
 * ABORTED}), and {@link #listen} throws {@link IllegalStateException}.
 */
public final class NioPunchTransport implements PunchTransport {
  /** How many dials may be open at once. */
  public static final int MAX_OPEN_DIALS = 512;

  private static final Logger LOG = LoggerFactory.getLogger(NioPunchTransport.class);
  private static final Duration LONGEST_DIAL = Duration.ofHours(1);

  private final Sink sink;
  private final Selector selector;
  private final long startNanos = System.nanoTime();
  private final Semaphore slots = new Semaphore(MAX_OPEN_DIALS);
  private volatile boolean closing;

  /** Guards the three below. */
  private final Object lock = new Object();

  private List<Runnable> commands = new ArrayList<>();
  private @Nullable Thread thread;
  private boolean selectorGone;

  // The rest belongs to the transport's thread.
  private final OpenDials dials = new OpenDials();
  private List<Runnable> events = new ArrayList<>();
  private boolean closedSinceSelect;
  private final Acceptor acceptor;

  private NioPunchTransport(Sink sink) {
    this.sink = sink;
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a selector: " + e.getMessage(), e);
    }
    this.acceptor =
        new Acceptor(
            selector, (port, connection) -> events.add(() -> sink.accepted(port, connection)));
  }

  /** Makes transports; {@code open} throws {@link UncheckedIOException} if files have run out. */
  public static Factory factory() {
    return sink -> {
      NioPunchTransport transport = new NioPunchTransport(sink);
      synchronized (transport.lock) {
        transport.startThread(transport::loop);
      }
      return transport;
    };
  }

  @Override
  public int listen(int port, boolean exclusive) throws PortUnavailableException {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
    }
    if (closing) {
      throw new IllegalStateException("the transport is closed");
    }
    ServerSocketChannel listener;
    try {
      listener = PunchSockets.listener(port, exclusive);
    } catch (IOException e) {
      throw new PortUnavailableException(PortHolder.explain(port, e));
    }
    int bound = listener.socket().getLocalPort();
    post(() -> add(listener));
    return bound;
  }

  @Override
  public void dial(SocketId id, int localPort, Endpoint remote, Duration timeout) {
    Duration bounded = timeout.compareTo(LONGEST_DIAL) < 0 ? timeout : LONGEST_DIAL;
    Dial dial = new Dial(id, localPort, remote, nowNanos() + bounded.toNanos());
    if (slots.tryAcquire()) {
      post(() -> start(dial));
    } else {
      post(() -> events.add(() -> sink.failed(id, DialFailure.NO_RESOURCES)));
    }
  }

  @Override
  public void abort(SocketId id) {
    post(
        () -> {
          Dial dial = dials.get(id);
          if (dial != null) {
            fail(dial, DialFailure.ABORTED);
          }
        });
  }

  @Override
  public void close() {
    if (!closing) {
      closing = true;
      post(() -> {});
    }
  }

  private void post(Runnable command) {
    synchronized (lock) {
      commands.add(command);
      if (thread == null) {
        // Closed and gone; what comes now still gets its answer.
        startThread(this::drain);
      } else if (Thread.currentThread() != thread && !selectorGone) {
        selector.wakeup();
      }
    }
  }

  private void startThread(Runnable body) {
    thread = Thread.ofPlatform().daemon().name("sallyport-punch").unstarted(body);
    thread.start();
  }

  private void loop() {
    try {
      while (!closing) {
        runCommands();
        deliver();
        select();
        for (Dial dial : dials.dueBy(nowNanos())) {
          fail(dial, DialFailure.TIMED_OUT);
        }
        deliver();
      }
    } catch (IOException e) {
      LOG.error("the punch transport has failed and closes: {}", e.getMessage());
    } finally {
      closing = true;
      closeAll();
      drain();
    }
  }

  private boolean runCommands() {
    List<Runnable> taken;
    synchronized (lock) {
      taken = commands;
      commands = new ArrayList<>();
    }
    runEach(taken);
    return !taken.isEmpty();
  }

  /** One that fails must not keep the next one from its turn. */
  private static void runEach(List<Runnable> steps) {
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException e) {
        LOG.error("a punch event was not handled", e);
      }
    }
  }

  private void select() throws IOException {
    long wakeNanos = Math.min(dials.nextDeadlineNanos(), acceptor.resumeNanos());
    boolean busy;
    synchronized (lock) {
      busy = !commands.isEmpty();
    }
    closedSinceSelect = false;
    if (busy) {
      selector.selectNow();
    } else if (wakeNanos == Long.MAX_VALUE) {
      selector.select();
    } else {
      // Rounded up, so that the deadline has passed when we look.
      long millis = TimeUnit.NANOSECONDS.toMillis(wakeNanos - nowNanos()) + 1;
      selector.select(Math.max(1, millis));
    }
    acceptor.resume(nowNanos());
    // A copy, because flush() selects again.
    List<SelectionKey> ready = List.copyOf(selector.selectedKeys());
    selector.selectedKeys().clear();
    for (SelectionKey key : ready) {
      if (!key.isValid()) {
        continue;
      }
      if (key.attachment() instanceof Dial dial) {
        finish(dial);
      } else if (key.channel() instanceof ServerSocketChannel listener) {
        acceptor.accept(listener, nowNanos());
      }
    }
  }

  /** Tells the sink what happened, when the sockets it happened to have left the selector. */
  private void deliver() throws IOException {
    flush();
    List<Runnable> taken = events;
    events = new ArrayList<>();
    runEach(taken);
  }

  /**
   * The JDK closes a socket that is in a selector only at the next selection. Until then it holds
   * its pair of endpoints, and a new dial of the same pair would fail.
   */
  private void flush() throws IOException {
    if (closedSinceSelect && selector.isOpen()) {
      closedSinceSelect = false;
      selector.selectNow();
    }
  }

  private void add(ServerSocketChannel listener) {
    if (closing) {
      Quietly.close(listener);
    } else {
      acceptor.add(listener);
    }
  }

  private void start(Dial dial) {
    dials.add(dial);
    AddressScope scope = dial.remote.scope();
    if (closing) {
      fail(dial, DialFailure.ABORTED);
    } else if (scope == AddressScope.UNSPECIFIED || scope == AddressScope.MULTICAST) {
      // The JDK would turn 0.0.0.0 into this host's name and look that up.
      fail(dial, DialFailure.NO_ROUTE);
    } else {
      try {
        flush();
        SocketChannel channel = PunchSockets.dialer(dial.remote, dial.localPort);
        dial.channel = channel;
        channel.configureBlocking(false);
        if (channel.connect(dial.remote.toSocketAddress())) {
          established(dial, channel);
        } else {
          channel.register(selector, SelectionKey.OP_CONNECT, dial);
        }
      } catch (IOException | RuntimeException e) {
        LOG.debug("dial {} to {}: {}", dial.id, dial.remote, e.getMessage());
        fail(dial, DialErrors.onStart(e, dial.localPort != 0));
      }
    }
  }

  private void finish(Dial dial) {
    SocketChannel channel = dial.channel;
    try {
      if (channel != null && channel.finishConnect()) {
        established(dial, channel);
      }
    } catch (IOException e) {
      fail(dial, DialErrors.onFinish(e));
    }
  }

  private void established(Dial dial, SocketChannel channel) {
    SelectionKey key = channel.keyFor(selector);
    if (key != null) {
      key.cancel();
      closedSinceSelect = true;
    }
    settle(dial, () -> handOver(dial.id, channel));
  }

  private void handOver(SocketId id, SocketChannel channel) {
    SocketConnection connection;
    try {
      connection = new SocketConnection(channel);
    } catch (IOException e) {
      Quietly.close(channel);
      sink.failed(id, DialErrors.onFinish(e));
      return;
    }
    if (connection.isSelf()) {
      connection.close();
      sink.failed(id, DialFailure.NO_ROUTE);
    } else {
      sink.connected(id, connection);
    }
  }

  private void fail(Dial dial, DialFailure failure) {
    if (dial.channel != null) {
      Quietly.close(dial.channel);
      closedSinceSelect = true;
    }
    settle(dial, () -> sink.failed(dial.id, failure));
  }

  private void settle(Dial dial, Runnable event) {
    dials.remove(dial);
    slots.release();
    events.add(event);
  }

  private void closeAll() {
    for (Dial dial : dials.all()) {
      fail(dial, DialFailure.ABORTED);
    }
    for (SelectionKey key : selector.keys()) {
      Quietly.close(key.channel());
    }
    synchronized (lock) {
      selectorGone = true;
    }
    Quietly.close(selector);
  }

  /** Answers what is still asked, and lets the thread end when nothing is. */
  private void drain() {
    while (true) {
      boolean worked = runCommands();
      try {
        deliver();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      synchronized (lock) {
        if (!worked && commands.isEmpty()) {
          thread = null;
          return;
        }
      }
    }
  }

  private long nowNanos() {
    return System.nanoTime() - startNanos;
  }
}
