package dev.sallyport.harness.bench;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.VirtualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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

/**
 * Packets a second from host to host, each through two NATs and over two lines, in virtual time:
 * windows of both directions of one TCP connection that the two opened at the same time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class NetModelBenchmark {
  private static final int WINDOW = 64;
  private static final int CLIENT_PORT = 40_001;
  private static final int SERVER_PORT = 40_002;

  /** Of the lines, in milliseconds; above 0 a line draws a random number for each packet. */
  @Param({"0", "5"})
  public int jitter;

  private VirtualTime time = new VirtualTime();
  private NetModel net = model();
  private Packet fromClient = segment(Spot.CLIENT, TcpFlags.SYN, 0, 0);
  private Packet fromServer = segment(Spot.SERVER, TcpFlags.SYN, 0, 0);
  private int arrived;

  @Setup
  public void open() {
    time = new VirtualTime();
    net = model();
    net.attach(Spot.CLIENT, packet -> arrived++);
    net.attach(Spot.SERVER, packet -> arrived++);
    exchange(TcpFlags.SYN, 0, 0);
    exchange(TcpFlags.SYN | TcpFlags.ACK, 0, 1);
    fromClient = segment(Spot.CLIENT, TcpFlags.ACK | TcpFlags.PSH, 1, 1);
    fromServer = segment(Spot.SERVER, TcpFlags.ACK | TcpFlags.PSH, 1, 1);
    if (window() != 2 * WINDOW) {
      throw new IllegalStateException("packets are lost: the connection is not open");
    }
  }

  @Benchmark
  @OperationsPerInvocation(2 * WINDOW)
  public int packets() {
    return window();
  }

  private int window() {
    arrived = 0;
    for (int i = 0; i < WINDOW; i++) {
      net.send(Spot.CLIENT, fromClient);
      net.send(Spot.SERVER, fromServer);
    }
    time.runUntil(time.now() + 100_000_000);
    return arrived;
  }

  private NetModel model() {
    NetworkPath path = new NetworkPath(Duration.ofMillis(40), 0, 7);
    Scenario scenario =
        Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
            .over(path.uneven(Duration.ofMillis(jitter), 0));
    return NetModel.of(scenario, time, NetObserver.NONE);
  }

  private void exchange(int flags, long sequence, long acknowledgment) {
    net.send(Spot.CLIENT, segment(Spot.CLIENT, flags, sequence, acknowledgment));
    net.send(Spot.SERVER, segment(Spot.SERVER, flags, sequence, acknowledgment));
    time.runUntil(time.now() + 100_000_000);
  }

  private Packet segment(Spot from, int flags, long sequence, long acknowledgment) {
    boolean client = from == Spot.CLIENT;
    Spot to = client ? Spot.SERVER : Spot.CLIENT;
    Endpoint source = new Endpoint(net.addresses().host(from), client ? CLIENT_PORT : SERVER_PORT);
    // Both NATs keep the port, so that each host knows where to send.
    Endpoint target =
        new Endpoint(net.addresses().seenFromOutside(to), client ? SERVER_PORT : CLIENT_PORT);
    return new Packet.Tcp(source, target, flags, sequence, acknowledgment, 0, null);
  }
}
