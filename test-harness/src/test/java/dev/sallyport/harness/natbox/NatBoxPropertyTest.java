package dev.sallyport.harness.natbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.scenario.NatKind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every NAT, whatever packets come: seeded storms of them. */
final class NatBoxPropertyTest {
  private static final int PACKETS = 3000;
  private static final int SEEDS = 2;
  private static final int CAP = 60;
  private static final int FORWARDED = 8765;
  private static final List<IcmpError> ERRORS = List.of(IcmpError.values());
  private static final int[] FLAGS = {
    TcpFlags.SYN,
    TcpFlags.SYN,
    TcpFlags.SYN,
    TcpFlags.SYN | TcpFlags.ACK,
    TcpFlags.ACK,
    TcpFlags.ACK | TcpFlags.PSH,
    TcpFlags.FIN | TcpFlags.ACK,
    TcpFlags.RST,
    TcpFlags.RST | TcpFlags.ACK,
    0,
    0xff,
  };

  /** A storm of packets over one box, and what must hold after each. */
  private static final class Storm implements NatOutlet {
    final List<String> transcript = new ArrayList<>();

    /** What became of the packets that went in, one after the other. */
    final List<Verdict> verdicts = new ArrayList<>();

    private final NatBehavior behavior;
    private final NatBox box;
    private final Random random;
    private final Random ticks;
    private final boolean v6;
    private final Set<String> owners = new HashSet<>();
    private final Set<String> contacted = new HashSet<>();
    private final List<Endpoint> outer = new ArrayList<>();
    private final List<Packet> wentIn = new ArrayList<>();
    private final List<Packet> wentOut = new ArrayList<>();
    private final List<Packet.Flow> sent = new ArrayList<>();
    private long now;
    private Packet given = udp(inside(0, 0), remote(0, 0));
    private int judged;
    private int delivered;

    Storm(NatBehavior behavior, boolean v6, long seed, long tickSeed) {
      this.behavior = behavior;
      this.v6 = v6;
      random = new Random(seed);
      ticks = new Random(tickSeed);
      List<InetAddress> addresses =
          IntStream.rangeClosed(1, behavior.outerAddresses())
              .mapToObj(i -> Bench.address("198.18.0." + i))
              .toList();
      box = new NatBox(behavior, addresses, new Random(seed));
      if (!v6) {
        box.forward(FORWARDED, inside(0, 0).address());
        for (InetAddress address : addresses) {
          outer.add(new Endpoint(address, FORWARDED));
        }
      }
    }

    Storm rage() {
      for (int i = 0; i < PACKETS; i++) {
        now += pass();
        if (tickSometimes()) {
          box.tick(now, this);
        }
        wentIn.clear();
        wentOut.clear();
        judged = 0;
        boolean leaving = random.nextBoolean();
        given = any(leaving);
        if (leaving) {
          box.fromInside(given, now, this);
        } else {
          box.fromOutside(given, now, this);
        }
        check(leaving);
      }
      return this;
    }

    private boolean tickSometimes() {
      return ticks.nextInt(3) == 0;
    }

    private long pass() {
      return switch (random.nextInt(40)) {
        case 0 -> random.nextLong(200_000_000_000L);
        case 1 -> random.nextLong(10_000_000_000L);
        default -> random.nextLong(50_000_000L);
      };
    }

    private void check(boolean leaving) {
      assertThat(judged).as("judged once: %s", given).isEqualTo(1);
      Verdict verdict = verdicts.getLast();
      if (verdict.words().startsWith("drops") || verdict == Verdict.HELD) {
        assertThat(wentIn).as("%s of %s", verdict, given).isEmpty();
      }
      for (Packet packet : wentIn) {
        if (packet instanceof Packet.Flow flow) {
          checkArrival(flow, leaving);
        }
        assertThat(hosts()).contains(packet.destination());
      }
      for (Packet packet : wentOut) {
        assertThat(behavior.translates() && !v6 && hosts().contains(packet.source()))
            .as("a private address is seen outside: %s", packet)
            .isFalse();
      }
      assertThat(box.sessions()).isBetween(0, CAP);
      assertThat(box.ports()).isLessThanOrEqualTo(box.sessions());
      assertThat(box.held()).isLessThanOrEqualTo(1024);
    }

    /** What goes in goes to whose mapping it is, and from whom the filter lets in. */
    private void checkArrival(Packet.Flow arrived, boolean turnedBack) {
      boolean tcp = arrived instanceof Packet.Tcp;
      Endpoint at = ((Packet.Flow) given).to();
      boolean forwarded = tcp && at.port() == FORWARDED && !v6;
      if (forwarded && arrived.to().equals(inside(0, 0).withPort(FORWARDED))) {
        return;
      }
      assertThat(owners)
          .as("%s reaches a host by its own mapping", given)
          .contains(tcp + " " + at + " " + arrived.to());
      if (turnedBack) {
        return;
      }
      String host = tcp + " " + arrived.to() + " ";
      switch (behavior.filtering(tcp)) {
        case ENDPOINT_INDEPENDENT -> {}
        case ADDRESS_DEPENDENT -> assertThat(contacted).contains(host + arrived.from().address());
        case ADDRESS_AND_PORT_DEPENDENT -> assertThat(contacted).contains(host + arrived.from());
      }
    }

    @Override
    public void toInside(Packet packet) {
      wentIn.add(packet);
      delivered++;
      transcript.add(now + " in " + packet);
      // A packet that was turned back went out by a mapping of its sender, if we can see it.
      if (judged == 1
          && verdicts.getLast() == Verdict.HAIRPINNED
          && behavior.hairpin() == Hairpin.EXTERNAL_SOURCE) {
        learn((Packet.Flow) given, ((Packet.Flow) packet).from());
      }
    }

    @Override
    public void toOutside(Packet packet) {
      wentOut.add(packet);
      transcript.add(now + " out " + packet);
      if (packet instanceof Packet.Flow flow && judged == 1 && sentBy(flow)) {
        learn((Packet.Flow) given, flow.from());
      }
    }

    /** Whether this is the packet that went in, and not the box's own answer. */
    private boolean sentBy(Packet.Flow flow) {
      return given instanceof Packet.Flow sent
          && hosts().contains(sent.source())
          && flow.to().equals(sent.to());
    }

    private void learn(Packet.Flow sent, Endpoint outside) {
      boolean tcp = sent instanceof Packet.Tcp;
      owners.add(tcp + " " + outside + " " + sent.from());
      this.sent.add(sent.between(outside, sent.to()));
      contacted.add(tcp + " " + sent.from() + " " + sent.to());
      contacted.add(tcp + " " + sent.from() + " " + sent.to().address());
      if (outer.size() < 64) {
        outer.add(outside);
      } else {
        outer.set(random(64, outside), outside);
      }
    }

    /** A place in the list that depends on nothing but the packets. */
    private static int random(int bound, Endpoint seed) {
      return Math.floorMod(seed.hashCode(), bound);
    }

    @Override
    public void judged(Verdict verdict, Packet packet) {
      transcript.add(now + " " + verdict + " " + packet);
      if (verdict != Verdict.HELD_MET && verdict != Verdict.HELD_TOO_LONG) {
        assertThat(packet).isSameAs(given);
        assertThat(wentIn).as("judged before what comes out").isEmpty();
        verdicts.add(verdict);
        judged++;
      }
    }

    private Packet any(boolean leaving) {
      if (!leaving && !sent.isEmpty() && random.nextInt(3) > 0) {
        // An answer to something that went out lately.
        Packet.Flow asked = sent.get(Math.max(0, sent.size() - 1 - random.nextInt(20)));
        return asked instanceof Packet.Tcp
            ? tcp(asked.to(), asked.from())
            : udp(asked.to(), asked.from());
      }
      Endpoint host = inside(random.nextInt(3), random.nextInt(4));
      Endpoint remote = remote(random.nextInt(3), random.nextInt(3));
      Endpoint target = remote;
      Endpoint known =
          outer.isEmpty() || (v6 && random.nextInt(9) > 0)
              ? host
              : outer.get(random.nextInt(outer.size()));
      if (leaving && random.nextInt(8) == 0) {
        target = known;
      }
      Endpoint from = leaving ? host : remote;
      Endpoint to = leaving ? target : random.nextInt(20) == 0 ? known.withPort(999) : known;
      Packet.Flow flow = random.nextInt(3) == 0 ? udp(from, to) : tcp(from, to);
      if (random.nextInt(12) > 0) {
        return flow;
      }
      return new Packet.Icmp(
          from.address(),
          ERRORS.get(random.nextInt(ERRORS.size())),
          random.nextBoolean() ? udp(to, from) : tcp(to, from));
    }

    private Packet.Tcp tcp(Endpoint from, Endpoint to) {
      long sequence = 1000L + random.nextInt(3);
      return new Packet.Tcp(
          from,
          to,
          FLAGS[random.nextInt(FLAGS.length)],
          random.nextInt(9) == 0 ? random.nextLong(1L << 32) : sequence,
          1001L + random.nextInt(2),
          random.nextInt(2) * 100,
          null);
    }

    private static Packet.Udp udp(Endpoint from, Endpoint to) {
      return new Packet.Udp(from, to, 9, null);
    }

    private Set<InetAddress> hosts() {
      return Set.of(inside(0, 0).address(), inside(1, 0).address(), inside(2, 0).address());
    }

    private Endpoint inside(int host, int port) {
      String address = v6 ? "2001:db8::" + (host + 2) : "10.0.0." + (host + 2);
      return new Endpoint(Bench.address(address), 5000 + port);
    }

    private Endpoint remote(int host, int port) {
      String address = v6 ? "2001:db8:9::" + (host + 2) : "203.0.113." + (host + 2);
      return new Endpoint(Bench.address(address), 80 + port);
    }
  }

  private static void storms(NatBehavior behavior, boolean v6) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      System.out.println("storm with seed " + seed + (v6 ? " of IPv6" : ""));
      Storm storm = new Storm(behavior, v6, seed, seed).rage();
      assertThat(new Storm(behavior, v6, seed, seed).rage().transcript)
          .as("the same seed, the same packets")
          .isEqualTo(storm.transcript);
      assertThat(new Storm(behavior, v6, seed, seed + 1).rage().verdicts)
          .as("whenever it ticks")
          .isEqualTo(storm.verdicts);
      assertThat(storm.delivered).as("the storm is no calm").isGreaterThan(100);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyKind_keepsWhatEveryNatKeeps(NatKind kind) {
    NatBehavior small = kind.behavior().but().sessionCap(CAP).build();
    storms(small, false);
    storms(small, true);
  }

  static List<NatBehavior> others() {
    NatBehavior rfc = NatBehavior.rfc().but().sessionCap(CAP).build();
    return List.of(
        rfc.but().mapping(Behavior.ADDRESS_DEPENDENT).hairpin(Hairpin.EXTERNAL_SOURCE).build(),
        rfc.but().conflict(PortConflict.PER_CONNECTION).onReset(ErrorEffect.POISON).build(),
        rfc.but().ports(new PortChoice.Random(2000, 2019)).checks(SequenceChecks.STRICT).build(),
        rfc.but()
            .mapping(Behavior.ADDRESS_AND_PORT_DEPENDENT)
            .filtering(Behavior.ENDPOINT_INDEPENDENT)
            .ports(new PortChoice.Block(8))
            .pooling(Pooling.ARBITRARY, 3)
            .build(),
        NatBehavior.linux()
            .withHairpin(Hairpin.EXTERNAL_SOURCE)
            .but()
            .filtering(Behavior.ENDPOINT_INDEPENDENT)
            .halfOpenCap(9)
            .sessionCap(CAP)
            .timers(NatTimers.HOME.linger(NatTimers.RFC.udp()))
            .build());
  }

  @ParameterizedTest
  @MethodSource("others")
  void otherBehaviours_keepItToo(NatBehavior behavior) {
    storms(behavior, false);
  }
}
