package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.SocketId;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/**
 * What {@link ChildProcessTest} runs in processes of its own, where the network or the limits are
 * not those of the test's process. Prints one line for each finding.
 */
final class Child {
  private static final Duration SOON = Duration.ofSeconds(20);

  private Child() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "addresses" -> {
        for (InetAddress address : new InterfaceAddresses().list()) {
          System.out.println(address.getHostAddress());
        }
      }
      case "dial" -> dial(List.of(arguments).subList(1, arguments.length));
      case "pair" -> pair();
      case "exhaust" -> exhaust();
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** How dials to each of these end. */
  private static void dial(List<String> remotes) {
    RecordingSink sink = new RecordingSink();
    try (PunchTransport transport = NioPunchTransport.factory().open(sink)) {
      for (int i = 0; i < remotes.size(); i++) {
        transport.dial(SocketId.dialed(i), 0, Endpoint.parse(remotes.get(i)), SOON);
      }
      for (int i = 0; i < remotes.size(); i++) {
        sink.awaitEnd(SocketId.dialed(i));
        System.out.println(remotes.get(i) + " " + sink.failure(SocketId.dialed(i)));
      }
    }
  }

  /** One transport dials another from its listening port. */
  private static void pair() throws Exception {
    RecordingSink here = new RecordingSink();
    RecordingSink there = new RecordingSink();
    try (PunchTransport left = NioPunchTransport.factory().open(here);
        PunchTransport right = NioPunchTransport.factory().open(there)) {
      int port = left.listen(0, true);
      int other = right.listen(0, true);
      left.dial(SocketId.dialed(1), port, Loopback.at(other), SOON);
      System.out.println(
          here.awaitConnected(SocketId.dialed(1)).local().equals(Loopback.at(port))
              + " "
              + there.awaitAccepted().remote().equals(Loopback.at(port)));
      left.dial(SocketId.dialed(2), port, Endpoint.parse("[::1]:" + other), SOON);
      System.out.println(here.awaitFailed(SocketId.dialed(2)));
    }
  }

  /** Uses up all files while a listener has a connection waiting; then gives some back. */
  private static void exhaust() throws Exception {
    RecordingSink sink = new RecordingSink();
    List<SocketChannel> hoard = new ArrayList<>();
    try (PunchTransport transport = NioPunchTransport.factory().open(sink)) {
      int port = transport.listen(0, true);
      // Everything once beforehand: loading a class needs a file, too.
      transport.dial(SocketId.dialed(1), 0, Loopback.at(port), SOON);
      sink.awaitConnected(SocketId.dialed(1));
      transport.dial(SocketId.dialed(3), 0, Loopback.at(Loopback.freePort()), SOON);
      sink.awaitFailed(SocketId.dialed(3));
      busyShare();
      SocketChannel waiting = SocketChannel.open();
      try {
        while (true) {
          hoard.add(SocketChannel.open());
        }
      } catch (SocketException full) {
        System.out.println("full");
      }
      int accepted = sink.accepted.size();
      waiting.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      transport.dial(SocketId.dialed(2), 0, Loopback.at(port), SOON);
      System.out.println(sink.awaitFailed(SocketId.dialed(2)));
      System.out.println(busyShare() < 0.5 ? "idle" : "spinning");
      for (SocketChannel channel : hoard) {
        channel.close();
      }
      Awaitility.await().until(() -> sink.accepted.size() == accepted + 1);
      System.out.println("accepted");
    }
  }

  /** How much of half a second the transport's thread spends on the processor. */
  private static double busyShare() {
    var threads = ManagementFactory.getThreadMXBean();
    long id =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("sallyport-punch"))
            .findFirst()
            .map(Thread::threadId)
            .orElseThrow();
    long start = System.nanoTime();
    long before = threads.getThreadCpuTime(id);
    Awaitility.await().until(() -> System.nanoTime() - start > Duration.ofMillis(500).toNanos());
    return (double) (threads.getThreadCpuTime(id) - before) / (System.nanoTime() - start);
  }
}
