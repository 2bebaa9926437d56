package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.MappingLifetime;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how long our NATs keep a mapping over which nothing goes, once: mappings lie quiet for
 * a while, and are looked for afterwards. To be run when nothing else is asked about the NATs.
 *
 * <p>Threading: {@link #run} blocks its caller, for as long as the longest silence lasts and a few
 * seconds more, or for a moment if nobody can test anything; {@link #cancel} from any thread.
 */
public final class LifetimeRunner {
  /**
   * For how long a mapping lies quiet: shorter than what NATs are set to, which is 30, 60 or 120 s
   * for most, since there the answer would be a matter of luck.
   */
  public static final List<Duration> SILENCES =
      List.of(Duration.ofSeconds(20), Duration.ofSeconds(50), Duration.ofSeconds(110));

  /** More than {@link #SILENCES} over both transports, from more observers than anybody names. */
  private static final int MAX_PROBES = 1024;

  private final List<NatInquiry> inquiries;
  private final List<Duration> silences;
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

  /**
   * What was found out.
   *
   * @param tcp null if nobody could test it
   * @param udp null if nobody could test it
   */
  public record Result(@Nullable MappingLifetime tcp, @Nullable MappingLifetime udp) {
    /** Over one of them. */
    public @Nullable MappingLifetime over(Transport transport) {
      return transport == Transport.TCP ? tcp : udp;
    }
  }

  /**
   * Ready to run.
   *
   * @param found what was found before: whoever has not answered then is not asked now
   */
  public LifetimeRunner(Ports ports, NatRunner.Result found, List<Duration> silences) {
    List<String> heard =
        found.sources().stream().filter(s -> s.hasAnswered()).map(s -> s.name()).toList();
    this.inquiries = ports.inquiries().stream().filter(i -> heard.contains(i.name())).toList();
    this.silences = List.copyOf(silences);
  }

  /** Runs. Call it once. Never fails: what cannot be had is missing from the result. */
  public Result run() throws InterruptedException {
    List<QuietProbe> probes = new CopyOnWriteArrayList<>();
    CompletableFuture<?>[] all =
        inquiries.stream()
            .map(
                inquiry ->
                    inquiry.testLifetime(
                        silences,
                        probe -> {
                          if (probes.size() < MAX_PROBES) {
                            probes.add(probe);
                          }
                        }))
            .map(stage -> stage.toCompletableFuture())
            .toArray(CompletableFuture[]::new);
    Duration longest = silences.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    Patience.await(
        CompletableFuture.anyOf(CompletableFuture.allOf(all), cancelled),
        longest.plus(NatInquiry.LIFETIME_OVERHEAD));
    List<QuietProbe> told = List.copyOf(probes);
    return new Result(
        MappingLifetime.of(told, Transport.TCP), MappingLifetime.of(told, Transport.UDP));
  }

  /** Ends it early; {@link #run} returns soon after with what is known. From any thread. */
  public void cancel() {
    cancelled.complete(null);
  }
}
