package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.session.DiscoveryEvent;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import dev.sallyport.harness.tcp.TupleInUseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks around from one host as production does: each punch port asks every STUN server over TCP,
 * then its other port, and keeps the first connection that answers; one UDP port asks the DHT.
 */
final class Survey {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SAMPLE_TIMEOUT = Duration.ofMillis(600);
  private static final Duration DHT_PATIENCE = Duration.ofSeconds(1);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);
  private static final int QUESTION_BYTES = 20;
  private static final int UDP_PORT = 49_001;

  private final World world;
  private final TcpHost host;
  private final Middle middle;
  private final List<Integer> ports;
  private final boolean keepsAlive;
  private final Consumer<DiscoveryEvent> events;
  private final Map<Integer, TcpConnection> kept = new TreeMap<>();
  private int open;
  private int samples;
  private boolean seenByDht;
  private boolean surveyed;
  private boolean over;

  /**
   * @param keepsAlive whether to go on asking, every 20 s, and to ask all again if that breaks: for
   *     services
   */
  Survey(
      World world,
      TcpHost host,
      Middle middle,
      List<Integer> ports,
      boolean keepsAlive,
      Consumer<DiscoveryEvent> events) {
    this.world = world;
    this.host = host;
    this.middle = middle;
    this.ports = ports;
    this.keepsAlive = keepsAlive;
    this.events = events;
  }

  void start() {
    events.accept(new DiscoveryEvent.AddressesListed(host.addresses()));
    long asked = world.time.now();
    open++;
    host.bindUdp(
        UDP_PORT,
        (from, length, body) -> {
          if (body instanceof Endpoint seen && !seenByDht) {
            seenByDht = true;
            events.accept(new DiscoveryEvent.Joined(1, Duration.ofNanos(world.time.now() - asked)));
            observed(UDP_PORT, seen, from, Observation.Source.DHT, asked);
            answered();
          }
        });
    askDht();
    ports.forEach(this::ask);
    world.after(TIMEOUT, this::complete);
  }

  /** Until it answers: the real one has many nodes, of which some do whatever gets lost. */
  private void askDht() {
    if (!seenByDht && !surveyed && !over) {
      host.sendUdp(UDP_PORT, middle.dhtNode(), QUESTION_BYTES, "ping");
      world.after(DHT_PATIENCE, this::askDht);
    }
  }

  /** Asks one server from a new port, each time another one, and the next if it says nothing. */
  void sample() {
    sample(samples++, middle.stunServers().size());
  }

  private void sample(int server, int left) {
    if (left == 0) {
      events.accept(new DiscoveryEvent.Sampled(null));
      return;
    }
    new Sample(server, left).ask();
  }

  /** Ends it, and with it what it keeps open. */
  void close() {
    over = true;
    kept.values().forEach(TcpConnection::abort);
    kept.clear();
    host.unbindUdp(UDP_PORT);
  }

  private void ask(int port) {
    for (Endpoint server : middle.stunServers()) {
      open++;
      new Question(port, server, true).ask();
    }
  }

  private void answered() {
    if (--open == 0) {
      complete();
    }
  }

  private void complete() {
    if (!surveyed && !over) {
      surveyed = true;
      events.accept(new DiscoveryEvent.Surveyed());
    }
  }

  private void observed(
      int port, Endpoint seen, Endpoint by, Observation.Source source, long asked) {
    events.accept(new DiscoveryEvent.Observed(observation(port, seen, by, source, asked)));
  }

  private Observation observation(
      int port, Endpoint seen, Endpoint by, Observation.Source source, long asked) {
    return new Observation(
        port,
        seen,
        source == Observation.Source.DHT ? Transport.UDP : Transport.TCP,
        by,
        source,
        Duration.ofNanos(world.time.now() - asked),
        world.now());
  }

  /** One server, asked from a new port: where the NAT's ports stand. */
  private final class Sample implements TcpListener {
    private final int server;
    private final int left;
    private final long asked = world.time.now();
    private @Nullable TcpConnection connection;
    private boolean waiting = true;

    Sample(int server, int left) {
      this.server = server;
      this.left = left;
    }

    void ask() {
      try {
        List<Endpoint> servers = middle.stunServers();
        connection = host.connect(0, servers.get(server % servers.size()), this);
        world.after(SAMPLE_TIMEOUT, () -> over(null));
      } catch (TupleInUseException e) {
        over(null);
      }
    }

    @Override
    public void established() {
      if (connection != null) {
        connection.send("binding", QUESTION_BYTES);
      }
    }

    @Override
    public void failed(ConnectFailure why) {
      over(null);
    }

    @Override
    public void received(Object message) {
      over(message instanceof Endpoint seen ? seen : null);
    }

    @Override
    public void closed(boolean reset) {
      over(null);
    }

    private void over(@Nullable Endpoint seen) {
      if (!waiting) {
        return;
      }
      waiting = false;
      if (connection != null) {
        connection.abort();
      }
      if (over) {
        return;
      }
      if (seen == null || connection == null) {
        sample(server + 1, left - 1);
      } else {
        events.accept(
            new DiscoveryEvent.Sampled(
                observation(
                    connection.local().port(),
                    seen,
                    connection.remote(),
                    Observation.Source.STUN,
                    asked)));
      }
    }
  }

  /** One server, asked from one port. */
  private final class Question implements TcpListener {
    private final int port;
    private final Endpoint server;
    private final List<Endpoint> answers = new ArrayList<>();
    private @Nullable TcpConnection connection;
    private final boolean first;
    private boolean waiting = true;
    private long asked;

    /**
     * @param first whether it is the server's first port, so that it names another one
     */
    Question(int port, Endpoint server, boolean first) {
      this.port = port;
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
      if (over || !(message instanceof Endpoint seen)) {
        return;
      }
      boolean news = !answers.contains(seen);
      answers.add(seen);
      if (news) {
        observed(port, seen, server, Observation.Source.STUN, asked);
      }
      TcpConnection mine = connection;
      if (first && waiting) {
        open++;
        new Question(port, Middle.otherPort(server), false).ask();
      }
      if (mine != null
          && (!first || (kept.putIfAbsent(port, mine) != null && kept.get(port) != mine))) {
        mine.abort();
      } else if (keepsAlive) {
        world.after(KEEP_ALIVE, this::askAgain);
      }
      done();
    }

    @Override
    public void closed(boolean reset) {
      done();
      if (connection != null && kept.remove(port, connection) && keepsAlive && !over) {
        ask(port);
      }
    }

    private void ask(int again) {
      Survey.this.ask(again);
    }

    private void askAgain() {
      if (!over && connection != null && kept.get(port) == connection) {
        asked = world.time.now();
        question();
      }
    }

    private void question() {
      if (connection != null) {
        connection.send("binding", QUESTION_BYTES);
      }
    }

    private void giveUp() {
      if (waiting && connection != null) {
        connection.abort();
        done();
      }
    }

    private void done() {
      if (waiting) {
        waiting = false;
        answered();
      }
    }
  }
}
