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
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks around from one host as production does: each punch port asks the STUN servers over TCP
 * ({@link PortWatch}); one UDP port asks the DHT.
 */
final class Survey {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SAMPLE_TIMEOUT = Duration.ofMillis(600);
  private static final Duration DHT_PATIENCE = Duration.ofSeconds(1);
  private static final Duration CONFIRM_PATIENCE = Duration.ofMillis(1500);
  static final int QUESTION_BYTES = 20;
  private static final int UDP_PORT = 49_001;

  private final World world;
  private final TcpHost host;
  private final Middle middle;
  private final List<PortWatch> ports;
  private final Consumer<DiscoveryEvent> events;
  private int open;
  private int samples;
  private boolean seenByDht;
  private boolean surveyed;
  private boolean over;

  /**
   * @param keepsAlive whether to go on asking: for services
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
    this.events = events;
    this.ports =
        ports.stream()
            .map(port -> new PortWatch(world, host, middle, port, keepsAlive, this::seen))
            .toList();
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
    for (PortWatch port : ports) {
      open++;
      port.ask(this::answered);
    }
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

  /** Asks whether what was seen of the first port still holds. */
  void confirm() {
    boolean[] told = {false};
    Runnable tell =
        () -> {
          if (!told[0] && !over) {
            told[0] = true;
            events.accept(new DiscoveryEvent.Confirmed());
          }
        };
    ports.getFirst().confirm(tell);
    world.after(CONFIRM_PATIENCE, tell);
  }

  /** Ends it, and with it what it keeps open. */
  void close() {
    over = true;
    ports.forEach(PortWatch::close);
    host.unbindUdp(UDP_PORT);
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

  private void seen(int port, Endpoint seen, Endpoint by, long asked) {
    observed(port, seen, by, Observation.Source.STUN, asked);
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
}
