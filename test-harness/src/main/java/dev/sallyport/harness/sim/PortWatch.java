package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import dev.sallyport.harness.tcp.TupleInUseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the STUN servers see one punch port over TCP, as production asks them: every server, then its
 * other port; the first connection that answers stays open. For services there is a question on it
 * every 20 s, and all are asked again when it breaks, in growing intervals while nobody answers.
 */
final class PortWatch {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);
  private static final Duration CONFIRM = Duration.ofMillis(600);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  private final World world;
  private final TcpHost host;
  private final Middle middle;
  private final int port;
  private final boolean keepsAlive;
  private final Seen seen;
  private final List<Runnable> waiting = new ArrayList<>();
  private @Nullable Question kept;
  private @Nullable Endpoint last;
  private Duration retry = FIRST_RETRY;
  private int open;
  private boolean over;

  /** Takes what a server saw. */
  interface Seen {
    /**
     * @param asked when the question was begun, on the scheduler's clock
     */
    void seen(int port, Endpoint seen, Endpoint by, long asked);
  }

  PortWatch(World world, TcpHost host, Middle middle, int port, boolean keepsAlive, Seen seen) {
    this.world = world;
    this.host = host;
    this.middle = middle;
    this.port = port;
    this.keepsAlive = keepsAlive;
    this.seen = seen;
  }

  /**
   * Asks every server; a question that is under way already counts for this one too.
   *
   * @param done when all have answered or run out of time
   */
  void ask(Runnable done) {
    waiting.add(done);
    if (open > 0) {
      return;
    }
    for (Endpoint server : middle.stunServers()) {
      open++;
      new Question(server, true).ask();
    }
  }

  /**
   * Asks on the connection that is kept open, and all servers if it says nothing.
   *
   * @param done when it is known, or nobody answers
   */
  void confirm(Runnable done) {
    Question connection = kept;
    if (connection == null) {
      ask(done);
    } else {
      connection.askAgain(CONFIRM, done);
    }
  }

  void close() {
    over = true;
    Question connection = kept;
    kept = null;
    if (connection != null) {
      connection.abort();
    }
  }

  private void answered() {
    if (--open > 0 || over) {
      return;
    }
    if (kept == null && keepsAlive) {
      world.after(retry, this::retry);
      Duration doubled = retry.multipliedBy(2);
      retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(Runnable::run);
  }

  private void retry() {
    if (kept == null && !over) {
      ask(() -> {});
    }
  }

  private void broken(Question connection, Runnable done) {
    if (kept == connection) {
      kept = null;
      connection.abort();
      if (keepsAlive && !over) {
        ask(done);
        return;
      }
    }
    done.run();
  }

  /** One server, and the connection to it. */
  private final class Question implements TcpListener {
    private final Endpoint server;
    private final boolean first;
    private @Nullable TcpConnection connection;
    private boolean waits = true;
    private long asked;

    /** Counts the questions on a kept connection, so that what belongs to an older one ends. */
    private int turn;

    private int answeredTurn;
    private Runnable whenAnswered = () -> {};

    /**
     * @param first whether it is the server's first port, so that it names another one
     */
    Question(Endpoint server, boolean first) {
      this.server = server;
      this.first = first;
    }

    void ask() {
      asked = world.time.now();
      try {
        connection = host.connect(port, server, this);
        world.after(TIMEOUT, this::giveUp);
      } catch (TupleInUseException e) {
        done();
      }
    }

    @Override
    public void established() {
      question();
    }

    @Override
    public void failed(ConnectFailure why) {
      done();
    }

    @Override
    public void received(Object message) {
      if (over || !(message instanceof Endpoint mapped)) {
        return;
      }
      if (kept == this) {
        answeredAgain(mapped);
        return;
      }
      seen.seen(port, mapped, server, asked);
      if (first && waits) {
        open++;
        new Question(Middle.otherPort(server), false).ask();
      }
      if (!first || kept != null) {
        abort();
      } else {
        kept = this;
        last = mapped;
        retry = FIRST_RETRY;
        askInTime();
      }
      done();
    }

    @Override
    public void closed(boolean reset) {
      done();
      Runnable told = whenAnswered;
      whenAnswered = () -> {};
      broken(this, told);
    }

    /** Asks on the connection that is kept. */
    void askAgain(Duration patience, Runnable told) {
      Runnable before = whenAnswered;
      whenAnswered =
          () -> {
            before.run();
            told.run();
          };
      int mine = ++turn;
      asked = world.time.now();
      question();
      world.after(
          patience,
          () -> {
            if (kept == this && answeredTurn < mine) {
              closed(false);
            }
          });
    }

    void abort() {
      if (connection != null) {
        connection.abort();
      }
    }

    private void answeredAgain(Endpoint mapped) {
      answeredTurn = turn;
      if (!mapped.equals(last)) {
        last = mapped;
        seen.seen(port, mapped, server, asked);
      }
      Runnable told = whenAnswered;
      whenAnswered = () -> {};
      told.run();
      askInTime();
    }

    private void askInTime() {
      if (keepsAlive) {
        int before = turn;
        world.after(
            KEEP_ALIVE,
            () -> {
              if (kept == this && turn == before) {
                askAgain(TIMEOUT, () -> {});
              }
            });
      }
    }

    private void question() {
      if (connection != null) {
        connection.send("binding", Survey.QUESTION_BYTES);
      }
    }

    private void giveUp() {
      if (waits) {
        abort();
        done();
      }
    }

    private void done() {
      if (waits) {
        waits = false;
        answered();
      }
    }
  }
}
