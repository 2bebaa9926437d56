package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.tcp.TcpHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A service and whoever calls it, over a network whose troubles a test picks, and with what happens
 * to both written down. Whatever they do, a port does not dial the same endpoint again too soon.
 */
final class TwoEnds {
  /** An event that a machine took, or an effect of its. */
  record Step(long at, Spot who, Object what) {
    boolean is(Spot by, Class<?> kind) {
      return who == by && kind.isInstance(what);
    }
  }

  /** A fixed port and where it dials. */
  private record Way(int localPort, Endpoint remote) {}

  /** How a connection was opened by the other end: what tells it from the one before it. */
  private record Opening(long sequence, boolean deaf) {}

  /** A way that a packet takes: from where, to where. */
  private record Flow(Endpoint from, Endpoint to) {}

  final World world;
  final Hosts hosts;
  Duration latency = Actor.USUAL_LATENCY;
  final List<Step> steps = new ArrayList<>();
  private final NetModel net;
  private final Middle middle;
  private final Meeting meeting;

  /**
   * @param delay what a message takes to the rendezvous, and again from there
   * @param failing asked whether something fails there
   */
  TwoEnds(Scenario scenario, Duration delay, BooleanSupplier failing) {
    world = new World(scenario.path().seed());
    net = NetModel.of(scenario, world.time, TrialObserver.NONE);
    hosts = new Hosts(net, world.time, world::part);
    middle = new Middle(hosts, net.addresses(), scenario.stun());
    meeting = new Meeting(world, delay, failing);
  }

  /**
   * Some connections between the two come up, and then nothing gets through to one of their ends:
   * as where a firewall looks into them.
   *
   * @param deaf asked for each end of each connection
   */
  void deafen(BooleanSupplier deaf) {
    deafen(Spot.CLIENT, hosts.client(), deaf);
    deafen(Spot.SERVER, hosts.server(), deaf);
  }

  private void deafen(Spot spot, TcpHost host, BooleanSupplier deaf) {
    Map<Flow, Opening> openings = new HashMap<>();
    net.attach(
        spot,
        packet -> {
          if (!(packet instanceof Tcp segment)
              || net.addresses().isMiddle(packet.source())
              || !isLost(segment, openings, deaf)) {
            host.receive(packet);
          }
        });
  }

  private static boolean isLost(Tcp segment, Map<Flow, Opening> openings, BooleanSupplier deaf) {
    Flow flow = new Flow(segment.from(), segment.to());
    Opening opening = openings.get(flow);
    if (segment.has(TcpFlags.SYN)) {
      if (opening == null || opening.sequence != segment.sequence()) {
        openings.put(flow, new Opening(segment.sequence(), deaf.getAsBoolean()));
      }
      return false;
    }
    boolean matters =
        segment.length() > 0 || segment.has(TcpFlags.FIN) || segment.has(TcpFlags.RST);
    return matters && opening != null && opening.deaf;
  }

  /** From now on whatever lies in a mailbox is seen so much later. */
  void seeLater(Duration by) {
    meeting.seeLater(by);
  }

  /**
   * Starts the service.
   *
   * @param run each run has keys of its own
   */
  Service serve(int run) {
    Service service =
        new Service(
            world,
            hosts.server(),
            Cast.serve(Cast.SERVICE_PORT, List.of(), run),
            middle,
            meeting,
            progress -> {});
    service.slowDown(latency);
    service.watch(onlooker(Spot.SERVER));
    service.serve();
    return service;
  }

  /** Starts a call. */
  Caller call(Duration timeout) {
    Caller caller = new Caller(world, Cast.CALLER, hosts.client(), middle, meeting, progress -> {});
    caller.slowDown(latency);
    caller.watch(onlooker(Spot.CLIENT));
    caller.call(timeout);
    return caller;
  }

  void run(Duration howLong) {
    world.time.runUntil(world.time.now() + howLong.toNanos());
  }

  /** Goes on until it is so, for two minutes at most. */
  void until(BooleanSupplier isSo, String what) {
    long end = world.time.now() + Duration.ofMinutes(2).toNanos();
    while (!isSo.getAsBoolean()) {
      assertThat(world.time.now()).as("not so in time: %s", what).isLessThan(end);
      assertThat(world.time.runNext()).as("something goes on before %s", what).isTrue();
    }
  }

  /** Writes down what one process does, and looks at its pace. */
  private Consumer<Object> onlooker(Spot who) {
    Map<Way, Long> dialled = new HashMap<>();
    long floor = PunchPolicy.DEFAULT.redialFloor().toNanos();
    return what -> {
      long now = world.time.now();
      steps.add(new Step(now, who, what));
      if (what instanceof CallEffect.Report(Progress.Found found)) {
        dialled.clear(); // another record, and another ladder, which knows nothing of the last one
      }
      if (what instanceof SocketEffect.Dial dial && dial.localPort() != 0) {
        Long before = dialled.put(new Way(dial.localPort(), dial.remote()), now);
        if (before != null && now - before < floor) {
          throw new AssertionError(
              who + " dials " + dial.remote() + " again " + (now - before) + " ns later");
        }
      }
    };
  }
}
