package dev.sallyport.harness.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.sallyport.harness.packet.Ipv4;
import dev.sallyport.harness.packet.PacketTap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines with delay and loss, in user space: each packet of an uplink is routed into its TUN device,
 * held, and written back in order. For kernels without {@code netem}; used with it too, because it
 * sees every packet and so can prove what happened.
 *
 * <p>One thread of its own reads, holds and writes; it sleeps in {@code ppoll} until a packet comes
 * or is due. The random choices of each line and direction have a generator of their own, so that
 * one direction's traffic does not change another's losses.
 */
public final class Wire implements AutoCloseable {
  private static final int BURST = 64;
  private static final long IDLE_NANOS = Duration.ofMillis(100).toNanos();
  private static final int POLLFD_BYTES = 8;

  private final List<Line> lines;
  private final Tally tally;
  private final Thread thread;
  private volatile boolean closed;

  private Wire(List<Line> lines, Tally tally) {
    this.lines = lines;
    this.tally = tally;
    this.thread = new Thread(this::run, "wire");
    thread.setDaemon(true);
  }

  /**
   * Opens the TUN devices in {@code place}, where they must exist, and starts carrying.
   *
   * @param hold how long each line holds a packet
   * @param loss the share of packets that each line loses, 0 to 1
   * @param tap told of every packet; a line's place in the list is its site number
   */
  public static Wire open(
      Netns place, List<Uplink> uplinks, Duration hold, double loss, long seed, PacketTap tap)
      throws IOException, InterruptedException {
    List<Line> lines = new ArrayList<>();
    Tally tally = new Tally();
    try {
      for (int site = 0; site < uplinks.size(); site++) {
        Uplink uplink = uplinks.get(site);
        Tun tun = place.call(() -> Tun.open(uplink.device()));
        lines.add(
            new Line(site, uplink, tun, new Line.Weather(hold, loss, seed + site), tap, tally));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      lines.forEach(line -> line.tun().close());
      throw e;
    }
    Wire wire = new Wire(List.copyOf(lines), tally);
    wire.thread.start();
    return wire;
  }

  /** What it has done so far. */
  public WireReport report() {
    return tally.report();
  }

  /** Stops carrying and closes the devices. Packets held are lost. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    beOnTime();
    try (Memory fds = new Memory((long) POLLFD_BYTES * lines.size());
        Memory timeout = new Memory(16)) {
      while (!closed) {
        carry(fds, timeout);
      }
    } finally {
      lines.forEach(line -> line.tun().close());
    }
  }

  /**
   * Asks the kernel to wake this thread when it says, not up to 50 us later to save power, and
   * before others: a wire that waits for busy processes would not be one. It is a wish: a machine
   * may refuse.
   */
  private static void beOnTime() {
    Libc.prctl(Libc.PR_SET_TIMERSLACK, 1, 0, 0, 0);
    try (Memory priority = new Memory(Integer.BYTES)) {
      priority.setInt(0, 1);
      Libc.sched_setscheduler(0, Libc.SCHED_FIFO, priority);
    }
  }

  private void carry(Memory fds, Memory timeout) {
    long wait = IDLE_NANOS;
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      wait = Math.min(wait, line.deliver());
      long at = (long) i * POLLFD_BYTES;
      fds.setInt(at, line.tun().fd());
      fds.setShort(at + 4, Libc.POLLIN);
      fds.setShort(at + 6, (short) 0);
    }
    timeout.setLong(0, 0);
    timeout.setLong(8, Math.max(0, wait));
    if (Libc.ppoll(fds, lines.size(), timeout, Pointer.NULL) <= 0) {
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      if (fds.getShort((long) i * POLLFD_BYTES + 6) != 0) {
        take(lines.get(i));
      }
    }
  }

  private static void take(Line line) {
    for (int i = 0; i < BURST; i++) {
      byte[] packet = line.tun().read();
      if (packet == null) {
        return;
      }
      // Neighbour discovery of the device itself, for one, is not for the wire.
      if (Ipv4.headerLength(packet) > 0) {
        line.accept(packet);
      }
    }
  }
}
