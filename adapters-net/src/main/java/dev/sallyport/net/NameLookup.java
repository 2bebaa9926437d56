package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Turns host names into addresses, with a deadline that holds.
 *
 * <p>The JDK's look-ups cannot be interrupted, and one can hang for minutes. So each runs on its
 * own daemon thread, which is abandoned when time is up; questions for a name that is already being
 * asked join that look-up, so a name that hangs holds one thread however often it is asked; and
 * when {@value #MAX_THREADS} hang, further names fail at once. Address literals need no thread.
 *
 * <p>Threading: safe from any thread, never blocks.
 */
public final class NameLookup {
  /** How many names can be looked up at once. */
  public static final int MAX_THREADS = 16;

  private static final int MAX_ADDRESSES = 16;

  /** The JDK's own by default; another one in tests. */
  interface Resolver {
    InetAddress[] resolve(String name) throws UnknownHostException;
  }

  /**
   * What came of a look-up.
   *
   * @param endpoints each address with the port asked for, in the resolver's order, at most 16;
   *     empty exactly when there is a problem
   * @param problem one sentence for people, or null
   */
  public record Answer(List<Endpoint> endpoints, @Nullable String problem) {
    public Answer {
      endpoints = List.copyOf(endpoints);
    }
  }

  private final Resolver resolver;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          MAX_THREADS,
          5,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("sallyport-names-", 0).factory());
  private final Map<String, CompletableFuture<InetAddress[]>> running = new ConcurrentHashMap<>();

  public NameLookup() {
    this(InetAddress::getAllByName);
  }

  NameLookup(Resolver resolver) {
    this.resolver = resolver;
  }

  /**
   * @return completes within {@code timeout}, never exceptionally
   */
  public CompletableFuture<Answer> resolve(HostPort target, Duration timeout) {
    InetAddress literal = IpLiteral.parse(target.host());
    if (literal != null) {
      return CompletableFuture.completedFuture(
          new Answer(List.of(new Endpoint(literal, target.port())), null));
    }
    return lookUp(target.host())
        // A copy: the deadline is this question's own, the look-up is shared.
        .copy()
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .handle((addresses, error) -> answer(target, timeout, addresses, error));
  }

  private CompletableFuture<InetAddress[]> lookUp(String name) {
    CompletableFuture<InetAddress[]> mine = new CompletableFuture<>();
    CompletableFuture<InetAddress[]> other = running.putIfAbsent(name, mine);
    if (other != null) {
      return other;
    }
    try {
      threads.execute(
          () -> {
            try {
              mine.complete(resolver.resolve(name));
            } catch (UnknownHostException | RuntimeException e) {
              mine.completeExceptionally(e);
            } finally {
              running.remove(name, mine);
            }
          });
    } catch (RejectedExecutionException e) {
      running.remove(name, mine);
      mine.completeExceptionally(e);
    }
    return mine;
  }

  private static Answer answer(
      HostPort target,
      Duration timeout,
      InetAddress @Nullable [] addresses,
      @Nullable Throwable error) {
    if (addresses == null || addresses.length == 0) {
      return new Answer(List.of(), problem(target.host(), timeout, error));
    }
    List<Endpoint> endpoints =
        Arrays.stream(addresses)
            .map(address -> new Endpoint(address, target.port()))
            .distinct()
            .limit(MAX_ADDRESSES)
            .toList();
    return new Answer(endpoints, null);
  }

  private static String problem(String name, Duration timeout, @Nullable Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    return switch (cause) {
      case TimeoutException late ->
          "the name " + name + " was not resolved within " + timeout.toMillis() + " ms";
      case RejectedExecutionException busy ->
          "the name " + name + " was not looked up: " + MAX_THREADS + " look-ups hang already";
      case null, default -> "the name " + name + " is not known";
    };
  }
}
