package dev.sallyport.harness.bench;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.natbox.NatBox;
import dev.sallyport.harness.natbox.NatOutlet;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.scenario.NatKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Packets a second through one box: each operation is a packet. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class NatBoxBenchmark {
  private static final int FLOWS = 20_000;
  private static final int RING = 1 << 16;

  /** So new flows end, after 120 s, before their turn comes again: 30,000 are open at a time. */
  private static final long STEP = 4_000_000;

  private static final Endpoint REMOTE = Endpoint.parse("203.0.113.1:443");

  @Param({"PORT_RESTRICTED", "SYMMETRIC"})
  public NatKind kind = NatKind.PORT_RESTRICTED;

  private NatBox box = newBox();
  private Flow one = Flow.tcp(box, host(0), REMOTE, 0);
  private Flow datagrams = Flow.udp(box, host(1), REMOTE, 0);
  private List<Flow> many = List.of();
  private Packet[] syns = {};
  private Packet[] fresh = {};
  private Packet[] mixed = {};
  private int next;
  private long now;

  @Setup
  public void fill() {
    box = newBox();
    one = Flow.tcp(box, host(0), REMOTE, 0);
    datagrams = Flow.udp(box, host(1), REMOTE, 0);
    many = new ArrayList<>();
    for (int i = 0; i < FLOWS; i++) {
      many.add(Flow.tcp(box, host(2 + i), REMOTE, 0));
    }
    Collections.shuffle(many, new Random(7));
    syns = new Packet[RING];
    fresh = new Packet[RING];
    for (int i = 0; i < RING; i++) {
      Endpoint host = host(2 + FLOWS + i);
      Endpoint remote = REMOTE.withPort(1 + i % 50_000);
      syns[i] = new Packet.Tcp(host, remote, TcpFlags.SYN, 0, 0, 0, null);
      fresh[i] = new Packet.Udp(host, remote, 100, null);
    }
    mixed = mix(new SplittableRandom(7));
  }

  /** Of 20 packets 14 are of open connections, 3 of an open flow of UDP, 2 begin one, 1 is lost. */
  private Packet[] mix(SplittableRandom random) {
    Packet[] packets = new Packet[RING];
    for (int i = 0; i < RING; i++) {
      int kindOf = random.nextInt(20);
      Flow flow = kindOf < 14 ? many.get(random.nextInt(1000)) : datagrams;
      packets[i] =
          kindOf < 17
              ? random.nextBoolean() ? flow.in() : flow.out()
              : kindOf < 19 ? fresh[i] : new Packet.Udp(REMOTE.withPort(9), outer(), 100, null);
    }
    return packets;
  }

  private Endpoint outer() {
    return ((Packet.Flow) datagrams.in()).to().withPort(1000);
  }

  private NatBox newBox() {
    return new NatBox(
        kind.behavior(),
        List.of(Endpoint.parse("198.51.100.1:1").address()),
        new SplittableRandom(7));
  }

  /** One of 60,000 ports of each of many hosts. */
  private static Endpoint host(int number) {
    return Endpoint.parse(
        "10.0." + number / 250 % 250 + "." + (1 + number % 250) + ":" + (1024 + number % 60_000));
  }

  @Benchmark
  @OperationsPerInvocation(2)
  public void establishedTcp(Outlet outlet) {
    box.fromInside(one.out(), now, outlet);
    box.fromOutside(one.in(), now, outlet);
  }

  @Benchmark
  @OperationsPerInvocation(2)
  public void manyFlows(Outlet outlet) {
    next = next + 1 < FLOWS ? next + 1 : 0;
    Flow flow = many.get(next);
    box.fromInside(flow.out(), now, outlet);
    box.fromOutside(flow.in(), now, outlet);
  }

  @Benchmark
  @OperationsPerInvocation(2)
  public void udp(Outlet outlet) {
    box.fromInside(datagrams.out(), now, outlet);
    box.fromOutside(datagrams.in(), now, outlet);
  }

  /** Each makes a session, and another one ends. */
  @Benchmark
  public void newTcpMappings(Outlet outlet) {
    now += STEP;
    box.fromInside(syns[next++ & RING - 1], now, outlet);
  }

  /** Each makes a session, and another one ends. */
  @Benchmark
  public void newUdpMappings(Outlet outlet) {
    now += STEP;
    box.fromInside(fresh[next++ & RING - 1], now, outlet);
  }

  @Benchmark
  public void mix(Outlet outlet) {
    now += STEP;
    Packet packet = mixed[next++ & RING - 1];
    if (isFromInside(packet)) {
      box.fromInside(packet, now, outlet);
    } else {
      box.fromOutside(packet, now, outlet);
    }
  }

  private static boolean isFromInside(Packet packet) {
    return packet.destination().equals(REMOTE.address());
  }

  /** Keeps what came out last, so that it must be made. */
  @State(Scope.Thread)
  public static class Outlet implements NatOutlet {
    public @Nullable Packet last;
    public @Nullable Verdict verdict;

    @Override
    public void toInside(Packet packet) {
      last = packet;
    }

    @Override
    public void toOutside(Packet packet) {
      last = packet;
    }

    @Override
    public void judged(Verdict why, Packet packet) {
      verdict = why;
    }
  }
}
