package dev.sallyport.harness.sim;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.SocketEvent;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import dev.sallyport.harness.tcp.TupleInUseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one machine: which id is which connection. Every dial ends in one event, and so
 * does every try to secure or greet.
 */
final class Sockets {
  /** Told what the other end says; the conversation is its business. */
  interface Talk {
    void said(Said what);
  }

  private final World world;
  private final TcpHost host;
  private final Consumer<SocketEvent> events;
  private final Map<SocketId, Socket> table = new HashMap<>();
  private final Dials dials = new Dials();
  private long accepted;

  Sockets(World world, TcpHost host, Consumer<SocketEvent> events) {
    this.world = world;
    this.host = host;
    this.events = events;
  }

  void listen(int port) {
    host.listen(port, this::accepted);
  }

  int open() {
    return table.size();
  }

  /** What was dialled. */
  Dials dials() {
    return dials;
  }

  /**
   * When the connection of this open socket was established at this host, in nanoseconds; negative
   * if it is not.
   */
  long upSince(SocketId id) {
    Socket socket = table.get(id);
    return socket == null ? -1 : socket.upSince;
  }

  /** When this side began what led to the connection of this open socket; see {@link Contact}. */
  @Nullable Long startOf(SocketId id, long up) {
    Socket socket = table.get(id);
    TcpConnection connection = socket == null ? null : socket.connection;
    return connection == null ? null : dials.startOf(connection.local(), connection.remote(), up);
  }

  void execute(SocketEffect effect) {
    switch (effect) {
      case SocketEffect.Dial dial -> dial(dial);
      case SocketEffect.Abort(SocketId id) -> {
        Socket socket = table.get(id);
        if (socket != null && socket.dialling) {
          end(socket, DialFailure.ABORTED);
        }
      }
      case SocketEffect.Close(SocketId id) -> close(id);
    }
  }

  /** Closes it, if it is there; a try that runs on it fails. */
  void close(SocketId id) {
    Socket socket = table.get(id);
    if (socket != null) {
      socket.fail(LinkException.Reason.BROKEN, "closed from here");
      retire(socket);
    }
  }

  /** The process that had them is gone: nothing that was started here has consequences any more. */
  void forget() {
    for (Socket socket : table.values()) {
      socket.dialling = false;
      socket.trying = false;
    }
    table.clear();
  }

  /**
   * Starts a try: from now on the talk hears what is said, until it is {@linkplain #settled
   * settled}. If nothing settles it in time, or the connection breaks, {@code LinkFailed} comes.
   */
  void begin(SocketId id, Duration timeout, Talk talk) {
    Socket socket = table.get(id);
    if (socket == null) {
      failed(id, LinkException.Reason.BROKEN, "gone");
      return;
    }
    long mine = ++socket.tries;
    socket.trying = true;
    socket.hear(talk);
    world.after(
        timeout,
        () -> {
          if (socket.trying && socket.tries == mine && table.get(id) == socket) {
            socket.fail(LinkException.Reason.TIMED_OUT, "no answer in time");
            retire(socket);
          }
        });
    if (socket.lost) {
      socket.fail(LinkException.Reason.BROKEN, "the connection broke");
      retire(socket);
    }
  }

  /** Whether a try was running, which is over now, and well. */
  boolean settled(SocketId id) {
    Socket socket = table.get(id);
    boolean was = socket != null && socket.trying;
    if (socket != null) {
      socket.trying = false;
    }
    return was;
  }

  /** The try has failed: the socket is closed. */
  void fail(SocketId id, LinkException.Reason why, String message) {
    Socket socket = table.get(id);
    if (socket != null && socket.trying) {
      socket.fail(why, message);
      retire(socket);
    }
  }

  /** The other end has refused, and said why. */
  void refused(SocketId id, RefusalCode code) {
    Socket socket = table.get(id);
    if (socket != null && socket.trying) {
      socket.trying = false;
      retire(socket);
      events.accept(
          new SocketEvent.LinkFailed(id, LinkException.Reason.REFUSED, code, code.words()));
    }
  }

  /** Who hears what is said from now on, and what to do when the connection breaks. */
  void link(SocketId id, Talk talk, Runnable whenLost) {
    Socket socket = table.get(id);
    if (socket != null) {
      socket.whenLost = whenLost;
      socket.hear(talk);
      if (socket.lost) {
        whenLost.run();
      }
    }
  }

  void say(SocketId id, Said what) {
    Socket socket = table.get(id);
    if (socket != null && socket.connection != null) {
      socket.connection.send(what, what.length());
    }
  }

  private void dial(SocketEffect.Dial dial) {
    Socket socket = new Socket(dial.id());
    socket.dialling = true;
    table.put(dial.id(), socket);
    try {
      TcpConnection connection = host.connect(dial.localPort(), dial.remote(), socket);
      socket.connection = connection;
      dials.left(dial, connection.local(), world.time.now());
    } catch (TupleInUseException e) {
      end(socket, DialFailure.TUPLE_IN_USE);
      return;
    }
    world.after(
        dial.timeout(),
        () -> {
          if (socket.dialling) {
            end(socket, DialFailure.TIMED_OUT);
          }
        });
  }

  private void end(Socket socket, DialFailure why) {
    socket.dialling = false;
    retire(socket);
    events.accept(new SocketEvent.DialFailed(socket.id, why));
  }

  private void accepted(TcpConnection connection) {
    Socket socket = new Socket(SocketId.accepted(++accepted));
    socket.connection = connection;
    socket.upSince = world.time.now();
    table.put(socket.id, socket);
    connection.listen(socket);
    events.accept(new SocketEvent.Accepted(socket.id, connection.local(), connection.remote()));
  }

  private void retire(Socket socket) {
    table.remove(socket.id, socket);
    if (socket.connection != null) {
      socket.connection.abort();
    }
  }

  private void failed(SocketId id, LinkException.Reason why, String message) {
    events.accept(new SocketEvent.LinkFailed(id, why, null, message));
  }

  /** One id's connection, and what it is used for just now. */
  private final class Socket implements TcpListener {
    private final SocketId id;
    private final List<Said> early = new ArrayList<>();
    private @Nullable TcpConnection connection;
    private @Nullable Talk talk;
    private @Nullable Runnable whenLost;
    private boolean dialling;
    private boolean trying;
    private boolean lost;
    private long tries;
    private long upSince = -1;

    Socket(SocketId id) {
      this.id = id;
    }

    void hear(Talk newTalk) {
      talk = newTalk;
      List<Said> waiting = List.copyOf(early);
      early.clear();
      waiting.forEach(newTalk::said);
    }

    void fail(LinkException.Reason why, String message) {
      if (trying) {
        trying = false;
        Sockets.this.failed(id, why, message);
      }
    }

    @Override
    public void established() {
      if (dialling && connection != null) {
        dialling = false;
        upSince = world.time.now();
        events.accept(new SocketEvent.Dialed(id, connection.local(), connection.remote()));
      }
    }

    @Override
    public void failed(ConnectFailure why) {
      if (dialling) {
        end(
            this,
            switch (why) {
              case REFUSED -> DialFailure.REFUSED;
              case UNREACHABLE -> DialFailure.UNREACHABLE;
              case TIMED_OUT -> DialFailure.TIMED_OUT;
            });
      }
    }

    @Override
    public void received(Object message) {
      if (message instanceof Said said) {
        if (talk == null) {
          early.add(said);
        } else {
          talk.said(said);
        }
      }
    }

    @Override
    public void closed(boolean reset) {
      lost = true;
      if (trying) {
        fail(LinkException.Reason.BROKEN, "the connection broke");
        retire(this);
      } else if (whenLost != null) {
        whenLost.run();
      }
    }
  }
}
