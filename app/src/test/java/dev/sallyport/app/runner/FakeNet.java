package dev.sallyport.app.runner;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.SecureUpgrade;
import dev.sallyport.domain.session.TlsIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Transport, TLS and WebSocket of several runners in one JVM: connections are pairs of queues, a
 * handshake is an exchange of keys, HELLO and WELCOME travel as they are.
 */
final class FakeNet implements PunchTransport.Factory, SecureUpgrade, LinkUpgrade {
  private static final byte[] END = new byte[0];

  private final Map<Integer, PunchTransport.Sink> listeners = new ConcurrentHashMap<>();
  private final List<Connection> connections = new CopyOnWriteArrayList<>();
  private final AtomicInteger nextPort = new AtomicInteger(20_000);

  /** How many connections were made and are not closed at both ends. */
  long open() {
    return connections.stream().filter(connection -> !connection.closed).count();
  }

  boolean isListening(int port) {
    return listeners.containsKey(port);
  }

  /** What a stranger gets who connects to a port. */
  Connection connect(int port) {
    PunchTransport.Sink listener = listeners.get(port);
    if (listener == null) {
      throw new AssertionError("nobody listens on " + port);
    }
    Endpoint here = loopback(nextPort.incrementAndGet());
    Connection mine = new Connection(here, loopback(port));
    Connection theirs = new Connection(loopback(port), here);
    mine.peer = theirs;
    theirs.peer = mine;
    connections.add(mine);
    connections.add(theirs);
    listener.accepted(port, theirs);
    return mine;
  }

  static SecureChannel channel(Connection raw, PublicKey32 localKey, PublicKey32 peerKey) {
    return new Channel(raw, localKey, peerKey);
  }

  static Link link(SecureChannel channel, LinkListener listener) {
    return new PairLink(((Channel) channel).raw, listener);
  }

  static Endpoint loopback(int port) {
    return Endpoint.parse("127.0.0.1:" + port);
  }

  @Override
  public PunchTransport open(PunchTransport.Sink sink) {
    return new PunchTransport() {
      private final List<Integer> ports = new CopyOnWriteArrayList<>();

      @Override
      public int listen(int port, boolean exclusive) throws PortUnavailableException {
        int bound = port == 0 ? nextPort.incrementAndGet() : port;
        if (listeners.putIfAbsent(bound, sink) != null) {
          throw new PortUnavailableException("port " + bound + " is taken");
        }
        ports.add(bound);
        return bound;
      }

      @Override
      public void dial(SocketId id, int localPort, Endpoint remote, Duration timeout) {
        Thread.ofVirtual()
            .start(
                () -> {
                  if (listeners.containsKey(remote.port())) {
                    sink.connected(id, connect(remote.port()));
                  } else {
                    sink.failed(id, DialFailure.REFUSED);
                  }
                });
      }

      @Override
      public void abort(SocketId id) {}

      @Override
      public void close() {
        ports.forEach(listeners::remove);
      }
    };
  }

  @Override
  public SecureChannel dial(
      RawConnection connection, TlsIdentity self, PublicKey32 pinned, Duration timeout)
      throws LinkException {
    SecureChannel channel = accept(connection, self, timeout);
    if (!channel.peerKey().equals(pinned)) {
      channel.close();
      throw new LinkException(LinkException.Reason.WRONG_PEER, "another key");
    }
    return channel;
  }

  @Override
  public SecureChannel accept(RawConnection connection, TlsIdentity self, Duration timeout)
      throws LinkException {
    Connection raw = (Connection) connection;
    raw.send(self.key().toByteArray());
    return new Channel(raw, self.key(), PublicKey32.of(raw.receive(timeout)));
  }

  @Override
  public Established dial(
      SecureChannel channel, byte[] hello, LinkListener listener, Duration timeout)
      throws LinkException {
    Connection raw = ((Channel) channel).raw;
    raw.send(hello);
    byte[] answer = raw.receive(timeout);
    if (answer.length == 1) {
      raw.close();
      throw LinkException.refused(RefusalCode.of(answer[0]));
    }
    return new Established(new PairLink(raw, listener), answer);
  }

  @Override
  public Established accept(
      SecureChannel channel, HelloJudge judge, LinkListener listener, Duration timeout)
      throws LinkException {
    Connection raw = ((Channel) channel).raw;
    return switch (judge.judge(raw.receive(timeout))) {
      case Verdict.Welcome(byte[] bytes) -> {
        raw.send(bytes);
        yield new Established(new PairLink(raw, listener), bytes);
      }
      case Verdict.Refuse(RefusalCode code) -> {
        raw.send(new byte[] {(byte) code.code()});
        raw.close();
        throw LinkException.refused(code);
      }
    };
  }

  @Override
  public void warmUp() {}

  /** One end of a pair of queues. */
  static final class Connection implements RawConnection {
    private final Endpoint local;
    private final Endpoint remote;
    private final BlockingQueue<byte[]> inbox = new LinkedBlockingQueue<>();
    private @Nullable Connection peer;
    private volatile boolean closed;

    Connection(Endpoint local, Endpoint remote) {
      this.local = local;
      this.remote = remote;
    }

    boolean isClosed() {
      return closed;
    }

    void send(byte[] bytes) {
      Connection to = peer;
      if (to != null) {
        to.inbox.add(bytes);
      }
    }

    byte[] receive(Duration timeout) throws LinkException {
      try {
        byte[] next = inbox.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null || next.length == 0) {
          close();
          throw new LinkException(
              next == null ? LinkException.Reason.TIMED_OUT : LinkException.Reason.BROKEN,
              "nothing came");
        }
        return next;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
        throw new LinkException(LinkException.Reason.BROKEN, "interrupted", e);
      }
    }

    @Override
    public Endpoint local() {
      return local;
    }

    @Override
    public Endpoint remote() {
      return remote;
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        send(END);
        inbox.add(END);
      }
    }
  }

  private record Channel(Connection raw, PublicKey32 localKey, PublicKey32 peerKey)
      implements SecureChannel {
    @Override
    public Endpoint local() {
      return raw.local();
    }

    @Override
    public Endpoint remote() {
      return raw.remote();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      raw.close();
    }
  }

  /** Text over a pair of queues; an empty text is the goodbye. */
  private record PairLink(Connection raw, LinkListener listener) implements Link {
    @Override
    public void start() {
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try {
        while (true) {
          byte[] next = raw.receive(Duration.ofMinutes(1));
          if (Arrays.equals(next, new byte[] {0})) {
            raw.close();
            listener.closed(true, "goodbye");
            return;
          }
          listener.text(new String(next, StandardCharsets.UTF_8));
        }
      } catch (LinkException e) {
        listener.closed(false, String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void send(String text) {
      raw.send(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void send(byte[] bytes) {
      raw.send(bytes);
    }

    @Override
    public void close() {
      raw.send(new byte[] {0});
    }

    @Override
    public void abort() {
      raw.close();
    }
  }
}
