package dev.sallyport.harness.natbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of what ends next. A deadline that is put off costs nothing until it comes up:
 * established connections move theirs with each packet.
 */
final class DeadlineHeap<T extends Timed> {
  private final List<Timed> heap = new ArrayList<>();

  void add(T item) {
    item.sortedBy = item.deadline;
    heap.add(item);
    rise(heap.size() - 1, item);
  }

  /** Sorts it anew if its deadline has come nearer. */
  void hasMoved(T item) {
    if (item.deadline < item.sortedBy) {
      item.sortedBy = item.deadline;
      rise(item.place, item);
    }
  }

  void remove(T item) {
    int place = item.place;
    item.place = -1;
    Timed last = heap.removeLast();
    if (place < heap.size()) {
      sink(place, last);
      rise(last.place, last);
    }
  }

  /** Takes out one that has ended by now, or returns null. */
  @SuppressWarnings("unchecked") // only T goes in
  @Nullable T poll(long now) {
    while (!heap.isEmpty() && heap.getFirst().sortedBy <= now) {
      Timed first = heap.getFirst();
      if (first.deadline <= now) {
        remove((T) first);
        return (T) first;
      }
      first.sortedBy = first.deadline;
      sink(0, first);
    }
    return null;
  }

  private void rise(int from, Timed item) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      Timed above = heap.get(parent);
      if (above.sortedBy <= item.sortedBy) {
        break;
      }
      put(place, above);
      place = parent;
    }
    put(place, item);
  }

  private void sink(int from, Timed item) {
    int place = from;
    for (int child = 2 * place + 1; child < heap.size(); child = 2 * place + 1) {
      if (child + 1 < heap.size() && heap.get(child + 1).sortedBy < heap.get(child).sortedBy) {
        child++;
      }
      Timed below = heap.get(child);
      if (item.sortedBy <= below.sortedBy) {
        break;
      }
      put(place, below);
      place = child;
    }
    put(place, item);
  }

  private void put(int place, Timed item) {
    heap.set(place, item);
    item.place = place;
  }
}
