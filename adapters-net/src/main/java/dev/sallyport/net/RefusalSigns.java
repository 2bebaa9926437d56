package dev.sallyport.net;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Tells resets from ICMP errors by the kernel's count of ICMP "destination unreachable" messages
 * (RFC 2013's icmpInDestUnreachs): it has grown by the time that a connect fails through one, and
 * does not grow by a reset.
 *
 * <p>Others cause such messages too, so a refusal that came just after one may be called ICMP
 * falsely; without one it is a reset for certain. Where the system does not count, nothing is
 * clear. For one thread, in whose network namespace the count is read.
 */
final class RefusalSigns {
  private static final Path COUNTS = Path.of("/proc/thread-self/net/snmp");
  private static final String ICMP = "Icmp:";
  private static final String UNREACHABLE = "InDestUnreachs";
  private static final long UNKNOWN = -1;

  /** Messages for several dials come in one bunch; the dials are told one by one. */
  private static final Duration BUNCH = Duration.ofMillis(100);

  private long last = UNKNOWN;

  /** Messages that no refusal was found for yet. */
  private long unclaimed;

  private Instant unclaimedSince = Instant.EPOCH;

  /** Starts to count: before the first dial, and in every round while there are dials. */
  void look(Instant now) {
    long count = read();
    if (unclaimed > 0 && now.isAfter(unclaimedSince.plus(BUNCH))) {
      unclaimed = 0;
    }
    if (count != UNKNOWN && last != UNKNOWN && count > last) {
      unclaimed += count - last;
      unclaimedSince = now;
    }
    last = count;
  }

  /** Judges one refusal that has just been seen. */
  RefusalSign judge(Instant now) {
    look(now);
    if (last == UNKNOWN) {
      return RefusalSign.UNCLEAR;
    }
    if (unclaimed == 0) {
      return RefusalSign.RESET;
    }
    unclaimed--;
    return RefusalSign.ICMP;
  }

  /** The next look is a first one: what comes until then is none of ours. */
  void forget() {
    last = UNKNOWN;
    unclaimed = 0;
  }

  private static long read() {
    try {
      List<String> lines =
          Files.readAllLines(COUNTS).stream().filter(line -> line.startsWith(ICMP)).toList();
      if (lines.size() < 2) {
        return UNKNOWN;
      }
      int column = Arrays.asList(lines.get(0).split(" ")).indexOf(UNREACHABLE);
      String[] values = lines.get(1).split(" ");
      return column < 1 || column >= values.length ? UNKNOWN : Long.parseLong(values[column]);
    } catch (IOException | NumberFormatException e) {
      return UNKNOWN;
    }
  }
}
