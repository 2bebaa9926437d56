package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What several members answered to one question. It ends when all have answered or failed, or when
 * it is told to; what comes later is dropped. Thread-safe.
 */
final class Gathering<T> {
  private final List<String> members;
  private final boolean firstWillDo;
  private final Function<List<T>, T> sum;
  private final Consumer<Gathering<T>> whenSomebodyReacted;
  private final CompletableFuture<T> whole = new CompletableFuture<>();
  private final List<T> answers = new ArrayList<>();
  private final Map<String, RendezvousException> failures = new HashMap<>();
  private boolean allAsked;
  private boolean reacted;

  /**
   * @param members who is asked
   * @param firstWillDo whether one answer is enough
   * @param sum of one answer or more
   * @param whenSomebodyReacted called at most once, when there is an answer or a failure and more
   *     is waited for
   */
  Gathering(
      List<String> members,
      boolean firstWillDo,
      Function<List<T>, T> sum,
      Consumer<Gathering<T>> whenSomebodyReacted) {
    this.members = List.copyOf(members);
    this.firstWillDo = firstWillDo;
    this.sum = sum;
    this.whenSomebodyReacted = whenSomebodyReacted;
  }

  CompletableFuture<T> whole() {
    return whole;
  }

  void answered(T answer) {
    synchronized (this) {
      answers.add(answer);
    }
    proceed();
  }

  void failed(String member, RendezvousException why) {
    synchronized (this) {
      failures.put(member, why);
    }
    proceed();
  }

  /** Before this nothing ends, so that the answers of those that answer at once all count. */
  void allAsked() {
    synchronized (this) {
      allAsked = true;
    }
    proceed();
  }

  /** Ends with what is there; without an answer it fails, and says what is known of each member. */
  void end() {
    List<T> all;
    synchronized (this) {
      all = List.copyOf(answers);
    }
    if (all.isEmpty()) {
      whole.completeExceptionally(failure());
    } else {
      whole.complete(sum.apply(all));
    }
  }

  void fail(RendezvousException why) {
    whole.completeExceptionally(why);
  }

  private void proceed() {
    boolean over;
    boolean isFirst;
    synchronized (this) {
      if (!allAsked) {
        return;
      }
      int heard = answers.size() + failures.size();
      over = heard == members.size() || (firstWillDo && !answers.isEmpty());
      isFirst = heard > 0 && !reacted;
      reacted |= isFirst;
    }
    if (over) {
      end();
    } else if (isFirst) {
      whenSomebodyReacted.accept(this);
    }
  }

  private synchronized RendezvousException failure() {
    Reason reason =
        Stream.of(Reason.FULL, Reason.REJECTED, Reason.UNREACHABLE, Reason.CLOSED)
            .filter(r -> failures.values().stream().anyMatch(f -> f.reason() == r))
            .findFirst()
            .orElse(Reason.UNREACHABLE);
    return new RendezvousException(
        reason, members.stream().map(this::story).collect(Collectors.joining("; ")));
  }

  private String story(String member) {
    RendezvousException why = failures.get(member);
    return member + " " + (why == null ? "has not answered yet" : "failed: " + why.getMessage());
  }
}
