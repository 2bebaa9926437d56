package dev.sallyport.harness.model;

import dev.sallyport.harness.natbox.Hairpin;
import dev.sallyport.harness.natbox.NatBehavior;
import dev.sallyport.harness.natbox.NatBox;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The network between the hosts of a scenario:
 *
 * <pre>
 *   client -- client NAT ==line== [carrier NAT] -- middle -- [carrier NAT] ==line== server NAT -- server
 * </pre>
 *
 * Each line has half of the delay, jitter, loss and reordering between the hosts. Two sites of one
 * carrier share its NAT, two hosts on one network share a router and reach each other without it. A
 * host without a NAT is at the end of its line itself. IPv6 takes the same lines past all NATs, and
 * meets at most the firewall of a site.
 *
 * <p>What its hosts send goes in by {@link #send}, what arrives comes out where {@link #attach}
 * says, always in an event of the scheduler's. A packet to an address that nobody has is answered
 * with an ICMP error (RFC 1812 section 5.2.7.1).
 *
 * <p>For one thread: the scheduler's.
 */
public final class NetModel {
  /** What a neighbour's packet takes on a home network. */
  private static final long LAN_NANOS = 200_000;

  /** Linux gives up on a neighbour that does not answer ARP after three tries, a second apart. */
  private static final long ARP_NANOS = 3_000_000_000L;

  private final Scenario scenario;
  private final Addresses addresses;
  private final Scheduler scheduler;
  private final NetObserver observer;
  private final SplittableRandom random;
  private final Map<Spot, Consumer<Packet>> receivers = new EnumMap<>(Spot.class);
  private final Map<Spot, Joint> gateways = new EnumMap<>(Spot.class);

  /** What is above the lines, by the address that packets for it have; one for all callers. */
  private final Map<InetAddress, Consumer<Packet>> sites;

  private final List<NatStage> stages = new ArrayList<>();

  private int callers = 1;

  /** While a host's own call lasts, nothing arrives: it would be answered before it has asked. */
  private boolean sending;

  private NetModel(
      Scenario scenario,
      Addresses addresses,
      SplittableRandom random,
      Map<InetAddress, Consumer<Packet>> sites,
      Scheduler scheduler,
      NetObserver observer) {
    this.scenario = scenario;
    this.addresses = addresses;
    this.random = random;
    this.sites = sites;
    this.scheduler = scheduler;
    this.observer = observer;
  }

  /**
   * Builds it. All its chance comes from the seed of the scenario's path.
   *
   * @param observer sees each hop of each packet
   */
  public static NetModel of(Scenario scenario, Scheduler scheduler, NetObserver observer) {
    NetModel net =
        new NetModel(
            scenario,
            new Addresses(scenario),
            new SplittableRandom(scenario.path().seed()),
            new HashMap<>(),
            scheduler,
            observer);
    net.connect();
    return net;
  }

  /**
   * One more caller: a host of its own on a network of its own, by a line of its own to the same
   * middle, and so to the same service. What comes back is this network as that caller has it: its
   * {@code CLIENT} is the new one.
   *
   * @param site apart from all others
   * @param watching sees each hop of each packet up to the middle
   */
  public NetModel withCaller(Site site, NetObserver watching) {
    if (scenario.layout() != Layout.APART) {
      throw new IllegalArgumentException("several callers are all apart");
    }
    Scenario theirs = scenario.client(site);
    NetModel net =
        new NetModel(
            theirs, new Addresses(theirs, callers++), random.split(), sites, scheduler, watching);
    net.connect(Spot.CLIENT, site, null, net.random.split());
    net.attach(Spot.MIDDLE, packet -> arrive(Spot.MIDDLE, packet));
    return net;
  }

  /** Says what to do with packets that arrive at {@code CLIENT}, {@code SERVER} or the middle. */
  public void attach(Spot spot, Consumer<Packet> receiver) {
    receivers.put(spot, receiver);
  }

  /** The NATs and firewalls at this place start anew: what they knew is gone. */
  public void restart(Spot at) {
    stages.stream().filter(stage -> stage.isAt(at)).forEach(NatStage::restart);
  }

  /** Who has which address. */
  public Addresses addresses() {
    return addresses;
  }

  /** Takes a packet that {@code CLIENT}, {@code SERVER} or somebody in the middle sends. */
  public void send(Spot from, Packet packet) {
    if (from == Spot.MIDDLE) {
      if (addresses.isMiddle(packet.destination())) {
        arriveSoon(Spot.MIDDLE, packet, 0);
      } else {
        route(packet, Spot.MIDDLE);
      }
      return;
    }
    InetAddress to = packet.destination();
    Spot other = from == Spot.CLIENT ? Spot.SERVER : Spot.CLIENT;
    if (addresses.isHost(from, to)) {
      arriveSoon(from, packet, 0);
    } else if (scenario.layout().shared() && addresses.isHost(other, to)) {
      hop(from, other, packet, scheduler.now() + LAN_NANOS);
      arriveSoon(other, packet, LAN_NANOS);
    } else if (addresses.isBehindNat(from) && addresses.isNeighbour(from, to)) {
      refuse(from, packet, addresses.host(from), ARP_NANOS);
    } else {
      Joint gateway = gateways.get(from);
      if (gateway != null) {
        sending = true;
        gateway.take(packet);
        sending = false;
      }
    }
  }

  private void connect() {
    SplittableRandom dice = random.split();
    NatStage carrier =
        scenario.layout() == Layout.SAME_CARRIER ? sharedCarrier(dice.split()) : null;
    connect(Spot.CLIENT, scenario.client(), carrier, dice.split());
    if (!scenario.layout().shared()) {
      connect(Spot.SERVER, scenario.server(), carrier, dice.split());
    }
  }

  /** Builds one site, from the middle down to its host. */
  private void connect(Spot host, Site site, @Nullable NatStage shared, SplittableRandom dice) {
    boolean client = host == Spot.CLIENT;
    Spot near = !site.filters() ? host : client ? Spot.CLIENT_NAT : Spot.SERVER_NAT;
    Spot carrierSpot = client ? Spot.CLIENT_CARRIER : Spot.SERVER_CARRIER;
    boolean below = site.carrier().isPresent();
    Spot top = below ? shared == null ? carrierSpot : Spot.SERVER_CARRIER : Spot.MIDDLE;
    Joint atSite = new Joint();
    Joint atTop = new Joint();
    Line down = line(top, near, dice, atSite::take);
    Line up = line(near, top, dice, atTop::take);
    Consumer<Packet> inside =
        site.filters()
            ? packet -> deliverInside(near, host, packet)
            : packet -> arrive(hostWith(packet.destination(), host), packet);

    Consumer<Packet> outward = up::carry;
    if (site.nat().filters()) {
      NatStage nat =
          stage(near, site, site.nat(), addresses.nearOuter(host), dice, inside, up::carry);
      site.forwardedPort().ifPresent(port -> forward(nat, port, host));
      atSite.ipv4(nat::fromAbove);
      outward = nat::fromBelow;
    } else {
      atSite.ipv4(inside);
    }
    gateways(host, near, outward, Joint::ipv4);

    if (!below) {
      atTop.ipv4(packet -> route(packet, Spot.MIDDLE));
      addresses.nearOuter(host).forEach(address -> sites.put(address, down::carry));
    } else if (shared == null) {
      NatStage carrier =
          stage(
              carrierSpot,
              site,
              site.carrier().orElseThrow(),
              addresses.carrierOuter(host),
              dice,
              down::carry,
              packet -> passOn(carrierSpot, Spot.MIDDLE, packet, p -> route(p, Spot.MIDDLE)));
      atTop.ipv4(carrier::fromBelow);
      addresses
          .carrierOuter(host)
          .forEach(a -> sites.put(a, p -> passOn(Spot.MIDDLE, carrierSpot, p, carrier::fromAbove)));
    } else {
      atTop.ipv4(shared::fromBelow);
      addresses.nearOuter(host).forEach(address -> sites.put(address, down::carry));
    }

    if (site.ipv6() == Ipv6.FIREWALL) {
      NatStage firewall = stage(near, site, NatKind.FIREWALL, List.of(), dice, inside, up::carry);
      atSite.ipv6(firewall::fromAbove);
      gateways(host, near, firewall::fromBelow, Joint::ipv6);
    } else if (site.ipv6() == Ipv6.OPEN) {
      atSite.ipv6(inside);
      gateways(host, near, up::carry, Joint::ipv6);
    }
    atTop.ipv6(packet -> throughCarrier(top, Spot.MIDDLE, packet, p -> route(p, Spot.MIDDLE)));
    for (Spot each : hostsOf(host)) {
      addresses
          .ipv6(each)
          .ifPresent(a -> sites.put(a, p -> throughCarrier(Spot.MIDDLE, top, p, down::carry)));
    }
  }

  /** How what the hosts of a site send gets to its router, or into the line if it has none. */
  private void gateways(
      Spot host, Spot near, Consumer<Packet> outward, BiConsumer<Joint, Consumer<Packet>> family) {
    for (Spot each : hostsOf(host)) {
      Joint gateway = gateways.computeIfAbsent(each, spot -> new Joint());
      family.accept(
          gateway, near == host ? outward : packet -> passOn(each, near, packet, outward));
    }
  }

  /** A carrier does not touch IPv6: it only forwards. Where there is none, there is no such hop. */
  private void throughCarrier(Spot from, Spot to, Packet packet, Consumer<Packet> next) {
    if (from == to) {
      next.accept(packet);
    } else {
      passOn(from, to, packet, next);
    }
  }

  private NatStage sharedCarrier(SplittableRandom dice) {
    Spot spot = Spot.SERVER_CARRIER;
    List<InetAddress> outer = addresses.carrierOuter(Spot.CLIENT);
    NatStage carrier =
        stage(
            spot,
            scenario.client(),
            scenario.client().carrier().orElseThrow(),
            outer,
            dice,
            packet -> route(packet, spot),
            packet -> passOn(spot, Spot.MIDDLE, packet, p -> route(p, Spot.MIDDLE)));
    outer.forEach(a -> sites.put(a, p -> passOn(Spot.MIDDLE, spot, p, carrier::fromAbove)));
    return carrier;
  }

  private NatStage stage(
      Spot spot,
      Site site,
      NatKind kind,
      List<InetAddress> outer,
      SplittableRandom dice,
      Consumer<Packet> below,
      Consumer<Packet> above) {
    NatBehavior behavior = site.behavior(kind);
    if (scenario.layout().shared()) {
      boolean turnsBack = scenario.layout() == Layout.SHARED_HAIRPIN;
      behavior = behavior.withHairpin(turnsBack ? Hairpin.EXTERNAL_SOURCE : Hairpin.NONE);
    }
    NatBehavior all = behavior;
    SplittableRandom own = dice.split();
    NatStage stage =
        new NatStage(
            spot,
            new NatBox(all, outer, own),
            () -> new NatBox(all, outer, own.split()),
            scheduler,
            observer,
            below,
            above);
    stages.add(stage);
    return stage;
  }

  private Line line(Spot from, Spot to, SplittableRandom dice, Consumer<Packet> end) {
    return new Line(from, to, scenario.path(), dice.split(), scheduler, observer, end);
  }

  private void forward(NatStage nat, int port, Spot host) {
    nat.forward(port, addresses.host(scenario.layout().shared() ? Spot.SERVER : host));
  }

  /** Between a NAT and the hosts on its network. */
  private void deliverInside(Spot nat, Spot host, Packet packet) {
    Spot to = hostWith(packet.destination(), host);
    hop(nat, to, packet, scheduler.now());
    if (sending) {
      arriveSoon(to, packet, 0);
    } else {
      arrive(to, packet);
    }
  }

  private List<Spot> hostsOf(Spot site) {
    return scenario.layout().shared() ? List.of(Spot.CLIENT, Spot.SERVER) : List.of(site);
  }

  private Spot hostWith(InetAddress address, Spot site) {
    return scenario.layout().shared() && addresses.isHost(Spot.SERVER, address)
        ? Spot.SERVER
        : site;
  }

  /** A hop that takes no time. */
  private void passOn(Spot from, Spot to, Packet packet, Consumer<Packet> next) {
    hop(from, to, packet, scheduler.now());
    next.accept(packet);
  }

  private void hop(Spot from, Spot to, Packet packet, long arrives) {
    observer.sent(from, to, packet, scheduler.now(), arrives);
  }

  /** Where public addresses are known: the middle, and a carrier's own network. */
  private void route(Packet packet, Spot at) {
    InetAddress to = packet.destination();
    Consumer<Packet> site = sites.get(to);
    if (site != null) {
      site.accept(packet);
    } else if (addresses.isMiddle(to)) {
      arrive(Spot.MIDDLE, packet);
    } else if (packet instanceof Packet.Flow flow) {
      InetAddress own = to instanceof Inet4Address ? addresses.middle() : addresses.ipv6Middle();
      Packet error = new Packet.Icmp(own, IcmpError.HOST_UNREACHABLE, flow);
      Consumer<Packet> back = sites.get(error.destination());
      if (back != null && at == Spot.MIDDLE) {
        back.accept(error);
      } else if (addresses.isMiddle(error.destination())) {
        arriveSoon(Spot.MIDDLE, error, 0);
      }
    }
  }

  private void refuse(Spot host, Packet packet, InetAddress source, long after) {
    if (packet instanceof Packet.Flow flow) {
      arriveSoon(host, new Packet.Icmp(source, IcmpError.HOST_UNREACHABLE, flow), after);
    }
  }

  private void arriveSoon(Spot spot, Packet packet, long delay) {
    scheduler.at(scheduler.now() + delay, () -> arrive(spot, packet));
  }

  private void arrive(Spot spot, Packet packet) {
    Consumer<Packet> receiver = receivers.get(spot);
    if (receiver != null) {
      receiver.accept(packet);
    }
  }
}
