package dev.sallyport.dht;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Pings who asked us something, before others are told of it: it may sit behind a NAT that lets
 * nobody in, be gone in a second, or not exist (BEP 5: a good node has answered). The answer alone
 * puts it into the table.
 *
 * <p>Threading: {@link #asked} from any thread.
 */
final class Verifier {
  private static final int MAX_AT_ONCE = 16;
  private static final int MAX_REMEMBERED = 512;
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(5);

  private final NodeTable table;
  private final Queries queries;
  private final Rpc rpc;
  private final AtomicInteger underway = new AtomicInteger();
  private final Map<InetSocketAddress, Long> tried =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Long> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  Verifier(NodeTable table, Queries queries, Rpc rpc) {
    this.table = table;
    this.queries = queries;
    this.rpc = rpc;
  }

  /** A node asked us something. */
  void asked(Contact contact) {
    long now = System.nanoTime();
    if (underway.get() >= MAX_AT_ONCE || !table.wants(contact, now)) {
      return;
    }
    synchronized (tried) {
      Long last = tried.get(contact.address());
      if (last != null && now - last < AGAIN_NANOS) {
        return;
      }
      tried.put(contact.address(), now);
    }
    underway.incrementAndGet();
    rpc.ask(
        queries.ping(),
        contact.address(),
        reply -> {
          if (!(reply instanceof Reply.Late)) {
            underway.decrementAndGet();
          }
        });
  }
}
