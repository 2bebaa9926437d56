package dev.sallyport.harness.scenario;

import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/**
 * One experiment, as data. Immutable; a table of them reads as the matrix.
 *
 * @param client the site that calls
 * @param server the site that is called
 * @param dht whose nodes the DHT is made of
 * @param stun whether the middle has STUN servers; if not, packets to them vanish
 * @param callers how many clients call at the same time, 1 to 64
 * @param recordAge how long the service has been waiting when the call comes: how old what its
 *     record says can be
 */
public record Scenario(
    Site client,
    Site server,
    Layout layout,
    NetworkPath path,
    DhtSoftware dht,
    boolean stun,
    StartOrder order,
    int callers,
    Duration recordAge,
    Expectation expectation) {

  private static final int MAX_CALLERS = 64;
  private static final Duration MAX_AGE = Duration.ofDays(1);

  public Scenario {
    if (callers < 1 || callers > MAX_CALLERS) {
      throw new IllegalArgumentException(callers + " callers are not between 1 and " + MAX_CALLERS);
    }
    if (layout.shared() && client.nat() != server.nat()) {
      throw new IllegalArgumentException(
          "two hosts behind one router are behind one kind of NAT, not behind "
              + client.nat().word()
              + " and "
              + server.nat().word());
    }
    if (layout.shared() && client.ipv6() != server.ipv6()) {
      throw new IllegalArgumentException("two hosts behind one router have the same IPv6");
    }
    if (layout == Layout.SHARED_HAIRPIN && !client.nat().keepsPorts()) {
      throw new IllegalArgumentException(
          "the lab's hairpin needs a NAT that keeps ports, not " + client.nat().word());
    }
    if (layout == Layout.SHARED_HAIRPIN && !client.nat().translates()) {
      throw new IllegalArgumentException("without a NAT there is no hairpin");
    }
    if (layout == Layout.SAME_CARRIER
        && (client.carrier().isEmpty() || !client.carrier().equals(server.carrier()))) {
      throw new IllegalArgumentException(
          "two sites behind one carrier-grade NAT are both below the same kind of it");
    }
    requireAge(recordAge);
    if (client.forwardedPort().isPresent()) {
      throw new IllegalArgumentException("only the server's router forwards a port");
    }
  }

  /**
   * Checks an age that a service is to reach before it is called.
   *
   * @throws IllegalArgumentException unless it is from nothing to a day
   */
  public static void requireAge(Duration age) {
    if (age.isNegative() || age.compareTo(MAX_AGE) > 0) {
      throw new IllegalArgumentException(
          "an age of " + age.toSeconds() + " s is not between 0 and " + MAX_AGE.toSeconds());
    }
  }

  /** Two sites apart, with STUN, no delay, one caller, the service first, nothing promised. */
  public static Scenario between(NatKind client, NatKind server) {
    return new Scenario(
        Site.behind(client),
        Site.behind(server),
        Layout.APART,
        NetworkPath.ideal(),
        DhtSoftware.MLDHT,
        true,
        StartOrder.SERVE_FIRST,
        1,
        Duration.ZERO,
        new Expectation.Measured());
  }

  /** The same over another path. */
  public Scenario over(NetworkPath other) {
    return new Scenario(
        client, server, layout, other, dht, stun, order, callers, recordAge, expectation);
  }

  /** The same with this delay from host to host. */
  public Scenario delayMillis(int millis) {
    return over(new NetworkPath(Duration.ofMillis(millis), path.lossPercent(), path.seed()));
  }

  /** The same with the sites lying otherwise. */
  public Scenario laidOut(Layout other) {
    return new Scenario(
        client, server, other, path, dht, stun, order, callers, recordAge, expectation);
  }

  /** The same with a DHT of other nodes. */
  public Scenario dht(DhtSoftware other) {
    return new Scenario(
        client, server, layout, path, other, stun, order, callers, recordAge, expectation);
  }

  /** The same with STUN servers, or without. */
  public Scenario stun(boolean there) {
    return new Scenario(
        client, server, layout, path, dht, there, order, callers, recordAge, expectation);
  }

  /** The same without STUN servers. */
  public Scenario withoutStun() {
    return stun(false);
  }

  /** The same with another order of start. */
  public Scenario starting(StartOrder other) {
    return new Scenario(
        client, server, layout, path, dht, stun, other, callers, recordAge, expectation);
  }

  /** The same with so many clients at once. */
  public Scenario callers(int count) {
    return new Scenario(
        client, server, layout, path, dht, stun, order, count, recordAge, expectation);
  }

  /** The same with a service that has waited for so long when the call comes. */
  public Scenario aged(Duration age) {
    return new Scenario(client, server, layout, path, dht, stun, order, callers, age, expectation);
  }

  /** The same with another client's site. */
  public Scenario client(Site other) {
    return new Scenario(
        other, server, layout, path, dht, stun, order, callers, recordAge, expectation);
  }

  /** The same with another server's site. */
  public Scenario server(Site other) {
    return new Scenario(
        client, other, layout, path, dht, stun, order, callers, recordAge, expectation);
  }

  /** The same with this of IPv6 at both sites. */
  public Scenario ipv6(Ipv6 kind) {
    return new Scenario(
        client.ipv6(kind),
        server.ipv6(kind),
        layout,
        path,
        dht,
        stun,
        order,
        callers,
        recordAge,
        expectation);
  }

  /** Whether either site has IPv6. */
  public boolean hasIpv6() {
    return client.ipv6().isThere() || server.ipv6().isThere();
  }

  /** The same, and every call must get its echo over one of these rungs; any, if none is named. */
  public Scenario mustConnect(Rung... rungs) {
    return expecting(
        new Expectation.Connects(
            rungs.length == 0 ? EnumSet.allOf(Rung.class) : EnumSet.copyOf(List.of(rungs))));
  }

  /** The same, and every call must fail with this exit code. */
  public Scenario mustFailWith(int exitCode) {
    return expecting(new Expectation.FailsWith(exitCode));
  }

  private Scenario expecting(Expectation other) {
    return new Scenario(client, server, layout, path, dht, stun, order, callers, recordAge, other);
  }

  /** In one line, for people: who calls whom, and what is special. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(client.words()).append(" calls ").append(server.words());
    text.append(
        switch (layout) {
          case APART -> "";
          case APART_SAME_ADDRESSES -> ", same private addresses";
          case SAME_CARRIER -> ", one carrier";
          case SHARED -> ", one network";
          case SHARED_HAIRPIN -> ", one network with hairpin";
        });
    text.append(", ").append(path.oneWayDelay().toMillis()).append(" ms");
    if (path.lossPercent() > 0) {
      text.append(", ").append(path.lossPercent()).append(" % loss");
    }
    if (!path.jitter().isZero()) {
      text.append(", ").append(path.jitter().toMillis()).append(" ms jitter");
    }
    if (path.reorderPercent() > 0) {
      text.append(", ").append(path.reorderPercent()).append(" % reordered");
    }
    text.append(ipv6Words());
    server
        .forwardedPort()
        .ifPresent(port -> text.append(", port ").append(port).append(" forwarded"));
    text.append(dht == DhtSoftware.MLDHT ? "" : ", DHT of " + dht.word());
    text.append(stun ? "" : ", no STUN");
    text.append(client.online() ? "" : ", client offline");
    text.append(server.online() ? "" : ", server offline");
    text.append(order == StartOrder.SERVE_FIRST ? "" : ", " + order.word());
    text.append(callers == 1 ? "" : ", " + callers + " callers");
    if (!recordAge.isZero()) {
      text.append(", after ").append(recordAge.toSeconds()).append(" s");
    }
    return text.toString();
  }

  private String ipv6Words() {
    if (!hasIpv6()) {
      return "";
    }
    String words = ", IPv6 " + client.ipv6().word();
    return client.ipv6() == server.ipv6() ? words : words + " and " + server.ipv6().word();
  }
}
