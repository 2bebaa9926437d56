package dev.sallyport.harness.kit;

import dev.sallyport.harness.model.Addresses;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Scheduler;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.sim.Hosts;
import dev.sallyport.harness.sim.VirtualTime;
import dev.sallyport.harness.tcp.TcpHost;
import java.net.InetAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * Two hosts, each behind a NAT of its own, a network between them, and servers in its middle, all
 * in virtual time: an hour costs what its packets cost. A protocol under test sends by the hosts'
 * TCP and UDP, and time passes in {@link #run} and {@link #runUntil} only.
 *
 * <pre>{@code
 * TwoSites lab =
 *     TwoSites.between(NatKind.PORT_RESTRICTED, NatKind.SYMMETRIC)
 *         .delay(Duration.ofMillis(50)).loss(1).seed(7).build();
 * }</pre>
 *
 * <p>All chance comes from the seed: the same seed and the same calls give the same packets at the
 * same times, on any computer.
 *
 * <p>For one thread, which also runs all listeners. Nothing here needs to be closed.
 */
public final class TwoSites {
  private final Scenario scenario;
  private final VirtualTime time = new VirtualTime();
  private final PacketLog log;
  private final Addresses addresses;
  private final Hosts hosts;

  private TwoSites(Scenario scenario, NetObserver observer) {
    this.scenario = scenario;
    this.log = new PacketLog(observer);
    NetModel net = NetModel.of(scenario, time, log);
    this.addresses = net.addresses();
    SplittableRandom dice = new SplittableRandom(scenario.path().seed());
    this.hosts = new Hosts(net, time, dice::split);
  }

  /** Two sites with nothing between host and Internet but a NAT of this kind. */
  public static Builder between(NatKind client, NatKind server) {
    return between(Site.behind(client), Site.behind(server));
  }

  /**
   * Two sites, which may be below a carrier's NAT or forward a port: {@code
   * Site.behind(NatKind.PORT_RESTRICTED).below(NatKind.CGN_BLOCK_PAIRED)}.
   *
   * @throws IllegalArgumentException if one of them has no network
   */
  public static Builder between(Site client, Site server) {
    if (!client.online() || !server.online()) {
      throw new IllegalArgumentException("a site without a network has no packets to look at");
    }
    return new Builder(client, server);
  }

  /** The host that calls. */
  public TcpHost client() {
    return hosts.client();
  }

  /** The host that is called. */
  public TcpHost server() {
    return hosts.server();
  }

  /**
   * A host in the middle: the test's own rendezvous, relay or STUN server. It is there from the
   * first time it is asked for; before that, packets to it vanish. From one host in the middle to
   * another packets take no time, and are not logged.
   *
   * @param address public, from 198.18.0.0 to 198.18.2.255; {@link Addresses#stun} names two
   * @throws IllegalArgumentException for any other address
   */
  public TcpHost host(InetAddress address) {
    return hosts.inTheMiddle(address);
  }

  /** Who has which address, inside and as seen from outside. */
  public Addresses addresses() {
    return addresses;
  }

  /** The clock, in nanoseconds from 0 on, and whoever does things when it is time. */
  public Scheduler scheduler() {
    return time;
  }

  /** How much time has passed. */
  public Duration now() {
    return Duration.ofNanos(time.now());
  }

  /** Does this when so much more time has passed: a timer of the protocol under test. */
  public void after(Duration delay, Runnable action) {
    time.at(time.now() + delay.toNanos(), action);
  }

  /**
   * Lets so much time pass.
   *
   * @throws RuntimeException whatever a listener or a timer throws; time stands still then
   */
  public void run(Duration duration) {
    time.runUntil(time.now() + duration.toNanos());
  }

  /**
   * Lets time pass until the condition holds, which is looked at after each thing that happens.
   *
   * @param limit how much time may pass at most; all of it does if the condition does not hold
   * @return whether it holds
   */
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    boolean[] over = {false};
    after(limit, () -> over[0] = true);
    while (!condition.getAsBoolean()) {
      if (over[0]) {
        return false;
      }
      time.runNext();
    }
    return true;
  }

  /** Every packet so far, and what each NAT did with it. */
  public PacketLog log() {
    return log;
  }

  /** What is played. */
  public Scenario scenario() {
    return scenario;
  }

  /** In one line: {@code port-restricted calls symmetric, 50 ms, 1.0 % loss, seed 7}. */
  @Override
  public String toString() {
    return scenario + ", seed " + scenario.path().seed();
  }

  /** Says what the network is like. No delay, no loss and seed 1 if nothing is said. */
  public static final class Builder {
    private final Site client;
    private final Site server;
    private Duration delay = Duration.ZERO;
    private Duration jitter = Duration.ZERO;
    private double lossPercent;
    private double reorderPercent;
    private long seed = 1;
    private Layout layout = Layout.APART;
    private NetObserver observer = NetObserver.NONE;

    private Builder(Site client, Site server) {
      this.client = client;
      this.server = server;
    }

    /** From host to host, one way, 0 to 10 s; the middle is half-way. */
    public Builder delay(Duration oneWay) {
      delay = oneWay;
      return this;
    }

    /** How much longer than the delay a packet may take, 0 to 10 s; none overtakes another. */
    public Builder jitter(Duration most) {
      jitter = most;
      return this;
    }

    /** How many of 100 packets get lost between the hosts, 0 to 90. */
    public Builder loss(double percent) {
      lossPercent = percent;
      return this;
    }

    /** How many of 100 packets wait for those after them to pass, 0 to 90. */
    public Builder reordering(double percent) {
      reorderPercent = percent;
      return this;
    }

    /** Where all chance comes from. */
    public Builder seed(long value) {
      seed = value;
      return this;
    }

    /** How the sites lie to each other: also on one network, or behind one carrier's NAT. */
    public Builder laidOut(Layout how) {
      layout = how;
      return this;
    }

    /** Sees every packet as it passes, as the log does. */
    public Builder observer(NetObserver watching) {
      observer = watching;
      return this;
    }

    /**
     * Builds it; every call builds another one.
     *
     * @throws IllegalArgumentException saying which of the things said cannot be, or not together
     */
    public TwoSites build() {
      NetworkPath path = new NetworkPath(delay, lossPercent, jitter, reorderPercent, seed);
      Scenario scenario =
          Scenario.between(client.nat(), server.nat())
              .client(client)
              .server(server)
              .laidOut(layout)
              .over(path);
      return new TwoSites(scenario, observer);
    }
  }
}
