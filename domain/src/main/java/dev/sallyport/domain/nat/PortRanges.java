package dev.sallyport.domain.nat;

import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From a few ports to the range that they are likely of: rules 12 and 13 of {@link NatClassifier}.
 */
final class PortRanges {
  /** What carriers give one customer is seldom more (RFC 7422 section 2.1). */
  static final int LARGEST_BLOCK = 2048;

  static final int HIGHEST = 65535;

  /** Fewer samples than ports make a block look smaller than it is. */
  private static final int SMALLEST_BLOCK = 512;

  /** NATs give out no well-known ports, mostly (RFC 4787 REQ-3). */
  private static final int LOWEST = 1024;

  private PortRanges() {}

  /** The port that is half of all ports further on, of those that NATs give out. */
  static int halfRound(int port) {
    int all = HIGHEST - LOWEST + 1;
    return port < LOWEST ? port : LOWEST + (port - LOWEST + all / 2) % all;
  }

  static PortAllocation.Random random(Set<Integer> ports) {
    int low = Collections.min(ports);
    int high = Collections.max(ports);
    int margin = margin(high - low, ports.size());
    return new PortAllocation.Random(
        Math.max(Math.min(LOWEST, low), low - margin), Math.min(HIGHEST, high + margin));
  }

  /** Null if they do not fit into one. */
  static PortAllocation.@Nullable Block alignedBlock(Samples samples) {
    for (int size = SMALLEST_BLOCK; size <= LARGEST_BLOCK; size *= 2) {
      int low = samples.low() / size * size;
      if (samples.high() < low + size) {
        return new PortAllocation.Block(Math.max(1, low), low + size - 1);
      }
    }
    return null;
  }

  static PortAllocation.Block around(Samples samples) {
    int margin = margin(samples.high() - samples.low(), samples.size());
    return new PortAllocation.Block(
        Math.max(1, samples.low() - margin), Math.min(HIGHEST, samples.high() + margin));
  }

  static boolean isSmallest(PortAllocation.Block block) {
    return block.high() - block.low() < SMALLEST_BLOCK;
  }

  /**
   * How far a range reaches beyond the samples on each side, on average: as far as the samples are
   * apart on average (the "German tank problem" with both ends unknown).
   *
   * @param samples at least two: one alone is in an aligned block, and wide ones are several
   */
  private static int margin(int range, int samples) {
    return (range + samples - 2) / (samples - 1);
  }
}
