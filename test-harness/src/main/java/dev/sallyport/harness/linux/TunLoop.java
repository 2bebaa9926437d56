package dev.sallyport.harness.linux;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One thread that serves some TUN devices: it hands over what is routed into them, writes back what
 * it is told to, and sleeps in {@code ppoll} until a packet comes or something is due.
 */
public final class TunLoop implements AutoCloseable {
  private static final int BURST = 64;
  private static final long IDLE_NANOS = Duration.ofMillis(100).toNanos();
  private static final int POLLFD_BYTES = 8;

  /** What is done with packets. Called by the one thread only. */
  public interface Work {
    /** Takes a packet that was read from a device, by its place in the list. */
    void take(int device, byte[] packet);

    /** Does what is due; returns for how many nanoseconds nothing else is. */
    long deliver();
  }

  /** The way back into the devices. For the one thread only. */
  public interface Devices {
    /** Hands a packet to the kernel, as if it came in by this device. */
    void write(int device, byte[] packet);
  }

  private final List<Tun> tuns;
  private final Work work;
  private final Thread thread;
  private volatile boolean closed;

  private TunLoop(List<Tun> tuns, Function<Devices, Work> work) {
    this.tuns = List.copyOf(tuns);
    this.work = work.apply((device, packet) -> this.tuns.get(device).write(packet));
    this.thread = new Thread(this::run, "wire");
    thread.setDaemon(true);
  }

  /**
   * Opens the TUN devices in {@code place}, where they must exist, and starts serving.
   *
   * @param work makes what is done, from the way back
   */
  public static TunLoop open(Netns place, List<String> devices, Function<Devices, Work> work)
      throws IOException, InterruptedException {
    List<Tun> tuns = new ArrayList<>();
    try {
      for (String device : devices) {
        tuns.add(place.call(() -> Tun.open(device)));
      }
      TunLoop loop = new TunLoop(tuns, work);
      loop.thread.start();
      return loop;
    } catch (IOException | InterruptedException | RuntimeException e) {
      tuns.forEach(Tun::close);
      throw e;
    }
  }

  /** Stops serving and closes the devices. */
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
    try (Memory fds = new Memory((long) POLLFD_BYTES * tuns.size());
        Memory timeout = new Memory(16)) {
      while (!closed) {
        serve(fds, timeout);
      }
    } finally {
      tuns.forEach(Tun::close);
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

  private void serve(Memory fds, Memory timeout) {
    long wait = Math.min(IDLE_NANOS, work.deliver());
    for (int i = 0; i < tuns.size(); i++) {
      long at = (long) i * POLLFD_BYTES;
      fds.setInt(at, tuns.get(i).fd());
      fds.setShort(at + 4, Libc.POLLIN);
      fds.setShort(at + 6, (short) 0);
    }
    timeout.setLong(0, 0);
    timeout.setLong(8, Math.max(0, wait));
    if (Libc.ppoll(fds, tuns.size(), timeout, Pointer.NULL) <= 0) {
      return;
    }
    for (int i = 0; i < tuns.size(); i++) {
      if (fds.getShort((long) i * POLLFD_BYTES + 6) != 0) {
        take(i);
      }
    }
  }

  private void take(int device) {
    for (int i = 0; i < BURST; i++) {
      byte[] packet = tuns.get(device).read();
      if (packet == null) {
        return;
      }
      work.take(device, packet);
    }
  }
}
