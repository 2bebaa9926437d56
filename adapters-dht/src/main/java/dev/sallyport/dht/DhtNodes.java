package dev.sallyport.dht;

import dev.sallyport.domain.identity.Sealer;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The nodes of one command, one for each address to bind. They know each other from the start, and
 * enter another network as well if the configuration names one.
 *
 * <p>Threading: all methods from any thread. Events arrive on one thread, one at a time; the
 * listener must not block.
 */
public final class DhtNodes implements AutoCloseable {
  private static final int COUNT_MILLIS = 500;
  private static final int AGAIN_MILLIS = 30_000;

  private final DhtThreads threads;
  private final List<DhtNode> nodes = new ArrayList<>();
  private final Map<DhtNode, Integer> counted = new HashMap<>();
  private final Consumer<DhtEvent> listener;

  /**
   * Starts a node on each of the configured addresses, or on any-local if there is none.
   *
   * @throws IOException if one of them cannot be used, in one sentence; then none runs
   */
  public static DhtNodes start(DhtConfig config, Sealer sealer, Consumer<DhtEvent> listener)
      throws IOException {
    DhtNodes started = new DhtNodes(listener);
    try {
      started.open(config, sealer);
      return started;
    } catch (IOException | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private DhtNodes(Consumer<DhtEvent> listener) {
    this.listener = listener;
    threads = DhtThreads.start();
  }

  /** The nodes, in the order of the addresses. */
  public List<DhtNode> nodes() {
    return List.copyOf(nodes);
  }

  @Override
  public void close() {
    nodes.forEach(DhtNode::close);
    threads.close();
  }

  private void open(DhtConfig config, Sealer sealer) throws IOException {
    List<InetAddress> addresses =
        config.bind().isEmpty() ? List.of(DhtNode.anyLocal()) : config.bind();
    for (InetAddress address : addresses) {
      // One of them is enough to remember the network.
      DhtConfig own = nodes.isEmpty() ? config : config.withCache(null);
      DhtNode node = new DhtNode(own, address, sealer, threads, false, InetAddress::getAllByName);
      for (DhtNode other : nodes) {
        node.introduce(other);
        other.introduce(node);
      }
      nodes.add(node);
      tell(new DhtEvent.Listening(node.local()));
    }
    if (!config.bootstrap().isEmpty()) {
      nodes.forEach(this::enter);
    }
    threads.sinks().execute(this::count);
  }

  private void enter(DhtNode node) {
    var unused =
        node.enter()
            .whenComplete(
                (presence, failure) -> {
                  if (failure != null && !node.isClosed()) {
                    listener.accept(
                        new DhtEvent.Alone(node.local(), String.valueOf(failure.getMessage())));
                    threads.sinks().later(AGAIN_MILLIS, () -> enter(node));
                  }
                });
  }

  /** On the sinks' thread. */
  private void count() {
    for (DhtNode node : nodes) {
      int known = node.knownNodes();
      Integer before = counted.put(node, known);
      if (before == null || before != known) {
        listener.accept(new DhtEvent.Knows(node.local(), known));
      }
    }
    threads.sinks().later(COUNT_MILLIS, this::count);
  }

  private void tell(DhtEvent event) {
    threads.sinks().execute(() -> listener.accept(event));
  }
}
