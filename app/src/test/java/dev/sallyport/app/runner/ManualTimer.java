package dev.sallyport.app.runner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Time passes when the test says so. */
final class ManualTimer implements ManyRendezvous.Timer {
  private record Task(Duration due, Runnable action) {}

  private final List<Task> tasks = new ArrayList<>();
  private Duration now = Duration.ZERO;

  @Override
  public void after(Duration delay, Runnable task) {
    tasks.add(new Task(now.plus(delay), task));
  }

  void pass(Duration time) {
    Duration end = now.plus(time);
    for (Task next = next(end); next != null; next = next(end)) {
      tasks.remove(next);
      now = next.due();
      next.action().run();
    }
    now = end;
  }

  private @Nullable Task next(Duration end) {
    return tasks.stream()
        .filter(task -> task.due().compareTo(end) <= 0)
        .min(Comparator.comparing(Task::due))
        .orElse(null);
  }

  @Override
  public void close() {
    tasks.clear();
  }
}
