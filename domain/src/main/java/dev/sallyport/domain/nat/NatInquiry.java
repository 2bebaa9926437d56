package dev.sallyport.domain.nat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Port: asks one observer all that it can tell of our NATs, in depth. Where a {@link Reflector}
 * says quickly how others see a port, this also tells how a mapping depends on the remote (RFC 5780
 * section 4.3), and who gets in (section 4.4, and for TCP by dial-backs).
 *
 * <p>Threading: {@link #ask} never blocks and may be called from any thread; evidence arrives on
 * the implementation's own threads, one piece at a time for each call.
 */
public interface NatInquiry extends AutoCloseable {
  /** How much longer than the longest silence {@link #testLifetime} takes, at most. */
  Duration LIFETIME_OVERHEAD = Duration.ofSeconds(20);

  /** The observer as the user named it. */
  String name();

  /**
   * Asks everything.
   *
   * @param sink gets each piece of evidence as it comes; it must not block
   * @return completes, never exceptionally, within the question's deadline and half a second
   */
  CompletionStage<SourceReport> ask(Question question, Consumer<Evidence> sink);

  /**
   * Leaves mappings quiet, one for each of these times over TCP and one over UDP, and looks
   * afterwards whether they are still there (RFC 5780 section 4.6). Uses ports of its own. The NATs
   * should have nothing else to do: where ports are given out in order, its own would be in
   * between.
   *
   * @param quietTimes each positive; 16 at most
   * @param sink gets each finding as it comes; it must not block. What this observer cannot test is
   *     left out
   * @return completes, never exceptionally, {@link #LIFETIME_OVERHEAD} after the longest of these
   *     times at the latest
   */
  CompletionStage<Void> testLifetime(List<Duration> quietTimes, Consumer<QuietProbe> sink);

  @Override
  void close();

  /** How much to ask. */
  enum Depth {
    /** All that is known within 5 s. */
    FULL,
    /**
     * Also what takes longer: whether a SYN that may not enter is dropped or held back (RFC 5382
     * REQ-4), which needs more than 6 s of waiting.
     */
    THOROUGH
  }

  /**
   * What to ask about.
   *
   * @param mappingPorts TCP ports of ours to ask from, one after the other
   * @param filterPorts TCP ports on which we listen, and which have sent nothing to anybody: what
   *     gets in there is due to what this inquiry sends from them. Each is good for one dial-back;
   *     with two of them each kind can be tried at once. Without any, TCP filtering is not tested
   * @param arrivals tells who came in there
   */
  record Question(
      List<Integer> mappingPorts,
      List<Integer> filterPorts,
      Depth depth,
      Duration deadline,
      Arrivals arrivals) {
    public Question {
      mappingPorts = List.copyOf(mappingPorts);
      filterPorts = List.copyOf(filterPorts);
      requirePorts(mappingPorts);
      requirePorts(filterPorts);
      if (deadline.isNegative() || deadline.isZero()) {
        throw new IllegalArgumentException("a deadline of " + deadline.toMillis() + " ms");
      }
    }

    private static void requirePorts(List<Integer> ports) {
      for (int port : ports) {
        if (port < 1 || port > 65535) {
          throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
      }
    }
  }

  /** What an observer turned out to be able to do. */
  enum Ability {
    /** It looks with a second port of its address. */
    OTHER_PORT,
    /** It has another address (RFC 5780's OTHER-ADDRESS). */
    OTHER_ADDRESS,
    /** It answers from another place over UDP (RFC 5780's CHANGE-REQUEST). */
    UDP_FILTERING,
    /** It dials back over TCP: a {@code sallyport observe}. */
    DIAL_BACK
  }
}
