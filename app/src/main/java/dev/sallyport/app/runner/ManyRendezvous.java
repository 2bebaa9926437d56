package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several rendezvous as one. Whatever is written goes to all and is done as soon as one has taken
 * it, with the count of those that have answered by then; the others go on, and one that failed has
 * its next chance when the item is written again. Lookups are a race, watches see all mailboxes,
 * and each distinct item comes once. A member that never answers, always fails or throws harms
 * nothing; a call fails when every member has failed, and its message says why for each.
 *
 * <p>A lookup ends when every member has answered, or soon after the first has; a slower member's
 * items still arrive later. So a dead member costs seconds at most, and a slow one loses nothing.
 *
 * <p>Threading: as {@link Rendezvous}.
 */
public final class ManyRendezvous implements Rendezvous {
  private static final Logger log = LoggerFactory.getLogger(ManyRendezvous.class);

  /** How long a lookup waits for the others after the first has answered or failed. */
  static final Duration GRACE = Duration.ofSeconds(2);

  /** How much longer while nothing is found: an empty mailbox answers faster than a DHT. */
  static final Duration MORE_GRACE = Duration.ofSeconds(3);

  /** How long a silent member is waited for after another has failed. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final long CLOSING_MILLIS = 900;

  /** Runs a task later, unless all is closed by then. */
  interface Timer extends AutoCloseable {
    void after(Duration delay, Runnable task);

    @Override
    void close();
  }

  private record Member(String uri, Rendezvous rendezvous) {}

  private final List<Member> members;
  private final Timer timer;
  private final Set<Gathering<?>> pending = ConcurrentHashMap.newKeySet();
  private final Set<ManyWatch> watches = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param members in the order to ask them, by their URI, which messages name them by; from now on
   *     this one closes them
   */
  public ManyRendezvous(Map<String, Rendezvous> members) {
    this(members, new DaemonTimer("many-rendezvous-timer"));
  }

  ManyRendezvous(Map<String, Rendezvous> members, Timer timer) {
    this.members =
        members.entrySet().stream().map(m -> new Member(m.getKey(), m.getValue())).toList();
    this.timer = timer;
  }

  @Override
  public CompletionStage<Presence> join() {
    return askAll(firstOf(List::getFirst), this::join)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(unreachable(failure)));
  }

  /**
   * @throws IllegalArgumentException if the sequence number is negative
   */
  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("a sequence number is not negative: " + sequence);
    }
    return deliver(member -> member.publish(slot, item, sequence));
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    OnceEach items = new OnceEach(sink);
    Gathering<Lookup> looked =
        new Gathering<>(
            uris(),
            false,
            answers ->
                new Lookup(
                    answers.stream().mapToInt(Lookup::answered).sum(),
                    answers.stream().mapToInt(Lookup::asked).sum()),
            gathering -> timer.after(GRACE, () -> endLookup(gathering, items)));
    return askAll(looked, member -> member.rendezvous().lookup(topic, items));
  }

  @Override
  public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
    return deliver(member -> member.knock(mailbox, knock, expires));
  }

  @Override
  public CompletionStage<Delivery> reply(Slot mailbox, SealedItem reply, Instant expires) {
    return deliver(member -> member.reply(mailbox, reply, expires));
  }

  /**
   * @throws RendezvousException if no member can be watched, or after {@link #close}
   */
  @Override
  public Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink) {
    OnceEach items = new OnceEach(sink);
    List<Watch> parts = new ArrayList<>();
    RendezvousException trouble = closedException();
    for (Member member : closed.get() ? List.<Member>of() : members) {
      try {
        parts.add(present(member.rendezvous().watch(mailbox, pace, items)));
      } catch (RuntimeException | LinkageError e) {
        trouble = Failures.of(e);
        log.warn("{} cannot be watched: {}", member.uri(), trouble.getMessage());
      }
    }
    if (parts.isEmpty()) {
      throw trouble;
    }
    ManyWatch watch = new ManyWatch(parts, items, watches::remove);
    watches.add(watch);
    if (closed.get()) {
      watch.close();
      throw closedException();
    }
    return watch;
  }

  /** Closes the members side by side: one that hangs keeps nobody waiting. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    timer.close();
    pending.forEach(gathering -> gathering.fail(closedException()));
    CountDownLatch open = new CountDownLatch(members.size());
    for (Member member : members) {
      Thread thread = new Thread(() -> close(member, open), "close " + member.uri());
      thread.setDaemon(true);
      thread.start();
    }
    watches.forEach(ManyWatch::close);
    try {
      if (!open.await(CLOSING_MILLIS, TimeUnit.MILLISECONDS)) {
        log.debug("{} rendezvous did not close in time", open.getCount());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void close(Member member, CountDownLatch open) {
    try {
      member.rendezvous().close();
    } catch (RuntimeException | LinkageError e) {
      log.debug("{} failed when it was closed", member.uri(), e);
    } finally {
      open.countDown();
    }
  }

  private CompletionStage<Presence> join(Member member) {
    return present(member.rendezvous().join())
        .whenComplete(
            (presence, failure) -> {
              if (failure != null && !closed.get()) {
                String why = Failures.of(failure).getMessage();
                log.warn("{} is out of reach: {}", member.uri(), why);
              }
            });
  }

  private void endLookup(Gathering<Lookup> looked, OnceEach items) {
    if (items.hasAny()) {
      looked.end();
    } else {
      timer.after(MORE_GRACE, looked::end);
    }
  }

  private CompletionStage<Delivery> deliver(
      Function<Rendezvous, CompletionStage<Delivery>> delivery) {
    Gathering<Delivery> delivered =
        firstOf(
            answers ->
                new Delivery(
                    answers.stream().mapToInt(Delivery::accepted).sum(),
                    answers.stream().mapToInt(Delivery::asked).sum()));
    return askAll(delivered, member -> delivery.apply(member.rendezvous()));
  }

  /** Ends with the first answer, or when one has failed and no other answers for long. */
  private <T> Gathering<T> firstOf(Function<List<T>, T> sum) {
    return new Gathering<>(uris(), true, sum, gathering -> timer.after(PATIENCE, gathering::end));
  }

  private List<String> uris() {
    return members.stream().map(Member::uri).toList();
  }

  private <T> CompletableFuture<T> askAll(
      Gathering<T> gathering, Function<Member, CompletionStage<T>> question) {
    CompletableFuture<T> whole = gathering.whole();
    pending.add(gathering);
    var unused = whole.whenComplete((all, failure) -> pending.remove(gathering));
    if (closed.get()) {
      gathering.fail(closedException());
      return whole;
    }
    for (Member member : members) {
      ask(member, question)
          .whenComplete(
              (answer, failure) -> {
                if (failure == null && answer != null) {
                  gathering.answered(answer);
                } else {
                  RendezvousException why = failure == null ? nothing() : Failures.of(failure);
                  log.debug("{} failed: {}", member.uri(), why.getMessage());
                  gathering.failed(member.uri(), why);
                }
              });
    }
    gathering.allAsked();
    return whole;
  }

  /** A member that throws, or has nothing to give, is no better than one that fails. */
  private static <T> CompletionStage<T> ask(
      Member member, Function<Member, CompletionStage<T>> question) {
    try {
      return present(question.apply(member));
    } catch (RuntimeException | LinkageError e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** What a member that is not ours returned; it may break its promise. */
  private static <T> T present(T returned) {
    if (returned == null) {
      throw nothing();
    }
    return returned;
  }

  private static RendezvousException unreachable(Throwable failure) {
    RendezvousException why = Failures.of(failure);
    return why.reason() == Reason.CLOSED
        ? why
        : new RendezvousException(Reason.UNREACHABLE, String.valueOf(why.getMessage()));
  }

  private static RendezvousException nothing() {
    return new RendezvousException(Reason.REJECTED, "it returned nothing");
  }

  private static RendezvousException closedException() {
    return new RendezvousException(Reason.CLOSED, "the rendezvous was closed");
  }
}
