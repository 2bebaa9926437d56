package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.domain.nat.SourceReport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out all about our NATs, once: asks every STUN server and the DHT side by side, from ports
 * of its own, and lets the observers that can try to get in.
 *
 * <p>Threading: {@link #run} blocks its caller; {@link #cancel} from any thread. News is told one
 * at a time, on threads of the runner; it must not block for long.
 */
public final class NatRunner implements AutoCloseable {
  /** How many ports a caller punches from, and so how many are asked about by default. */
  public static final int PUNCH_PORTS = 3;

  /**
   * How to look.
   *
   * @param depth how much to ask
   * @param deadline until when {@link #run} has ended, or a second later
   * @param punchPorts how many TCP ports to ask about, 1 to 16
   */
  public record Settings(Depth depth, Duration deadline, int punchPorts) {
    public Settings {
      if (deadline.isNegative() || deadline.isZero()) {
        throw new IllegalArgumentException("a deadline of " + deadline.toMillis() + " ms");
      }
      if (punchPorts < 1 || punchPorts > 16) {
        throw new IllegalArgumentException(punchPorts + " punch ports");
      }
    }

    /** All that is known within 5 s. */
    public static Settings full() {
      return new Settings(Depth.FULL, Duration.ofSeconds(5), PUNCH_PORTS);
    }

    /** All that can be known, within 15 s. */
    public static Settings thorough() {
      return new Settings(Depth.THOROUGH, Duration.ofSeconds(15), PUNCH_PORTS);
    }
  }

  /** What becomes known on the way. */
  public sealed interface News {
    /** Our own addresses, the best first; none without a network. Comes once, early. */
    record HostAddresses(List<InetAddress> addresses) implements News {
      public HostAddresses {
        addresses = List.copyOf(addresses);
      }
    }

    /** Somebody told something; what is known by now. */
    record Learnt(Evidence evidence, NatDiagnosis soFar) implements News {}

    /** A source is through. */
    record Answered(SourceReport source) implements News {}
  }

  /**
   * All that was found out.
   *
   * @param hostAddresses our own addresses, the best first; none without a network
   * @param localPorts the TCP ports that were asked about; none if no port could be had
   * @param sources how it went with each, STUN servers first, as the user named them
   * @param evidence all of it, in the order in which it came
   * @param hairpin null if not tested: it is only at {@link Depth#THOROUGH}, where the mapping is
   *     endpoint-independent
   * @param took from the start of the run
   */
  public record Result(
      NatDiagnosis diagnosis,
      List<InetAddress> hostAddresses,
      List<Integer> localPorts,
      List<SourceReport> sources,
      List<Evidence> evidence,
      @Nullable Hairpin hairpin,
      Duration took) {
    public Result {
      hostAddresses = List.copyOf(hostAddresses);
      localPorts = List.copyOf(localPorts);
      sources = List.copyOf(sources);
      evidence = List.copyOf(evidence);
    }

    /** Whether this computer has no network at all. */
    public boolean isOffline() {
      return hostAddresses.isEmpty();
    }

    /** Whether nobody outside answered. */
    public boolean isUnanswered() {
      return sources.stream().noneMatch(SourceReport::hasAnswered);
    }
  }

  public NatRunner(Ports ports, Settings settings, Consumer<News> news) {}

  /** Looks. Call it once. Never fails: what cannot be had is missing from the result. */
  public Result run() throws InterruptedException {
    throw new UnsupportedOperationException();
  }

  /** Ends it early; {@link #run} returns soon after with what is known. From any thread. */
  public void cancel() {}

  @Override
  public void close() {}
}
