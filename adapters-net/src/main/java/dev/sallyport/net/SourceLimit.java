package dev.sallyport.net;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.punch.TokenBucket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * So many a second from each source, and so many in all. What a source is refused costs the others
 * nothing. Remembers a bounded number of sources, and forgets whoever was quiet the longest. Not
 * thread-safe; time is passed in.
 */
final class SourceLimit {
  private static final int MAX_SOURCES = 4096;
  private static final int PREFIX_BYTES = 8;

  private final double perSecond;
  private final int burst;
  private final TokenBucket all;
  private final Map<InetAddress, TokenBucket> sources =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, TokenBucket> eldest) {
          return size() > MAX_SOURCES;
        }
      };

  SourceLimit(double perSecond, int burst, double allPerSecond, int allBurst) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.all = new TokenBucket(allPerSecond, allBurst);
  }

  /** Takes one for this address, if it and all together have one left. */
  boolean take(InetAddress address, Instant now) {
    TokenBucket own =
        sources.computeIfAbsent(source(address), key -> new TokenBucket(perSecond, burst));
    return own.has(now) && all.take(now) && own.take(now);
  }

  /**
   * Who stands behind an address: of IPv6 everybody with the same first 64 bits, for whoever has
   * one such address has them all.
   */
  static InetAddress source(InetAddress address) {
    if (address instanceof Inet4Address) {
      return address;
    }
    byte[] raw = address.getAddress();
    Arrays.fill(raw, PREFIX_BYTES, raw.length, (byte) 0);
    return IpLiteral.of(raw);
  }
}
