package dev.sallyport.dht;

import lbms.plugins.mldht.utils.NIOConnectionManager;

/**
 * The threads all nodes of one command share.
 *
 * @param packets decodes packets and answers others; mldht's scheduler
 * @param loop runs what is ours, one task at a time
 * @param sinks calls the callers' sinks and completes their stages
 */
record DhtThreads(Loop packets, Loop loop, Loop sinks) implements AutoCloseable {

  /**
   * One selector thread for all sockets of this JVM. mldht would make one a node and never close
   * its selector; this one's thread ends by itself when the last socket is gone.
   */
  static final NIOConnectionManager SELECTOR = new NIOConnectionManager("dht-selector");

  /** More packets waiting than that are a flood. */
  private static final int MAX_PACKETS = 8192;

  static DhtThreads start() {
    int cores = Runtime.getRuntime().availableProcessors();
    return new DhtThreads(
        new Loop("dht-packets", Math.clamp(cores, 2, 4), MAX_PACKETS),
        // Bounded by what puts into them: calls, lookups, watches.
        new Loop("dht-loop", 1, Integer.MAX_VALUE),
        new Loop("dht-sinks", 1, Integer.MAX_VALUE));
  }

  @Override
  public void close() {
    packets.close();
    loop.close();
    sinks.close();
  }
}
