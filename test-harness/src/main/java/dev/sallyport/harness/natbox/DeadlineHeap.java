package dev.sallyport.harness.natbox;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of what ends next. A deadline that is put off costs nothing until it comes up:
 * established connections move theirs with each packet.
 */
final class DeadlineHeap<T extends Timed> {
  private final List<T> heap = new ArrayList<>();

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
    T last = heap.removeLast();
    if (place < heap.size()) {
      sink(place, last);
      rise(last.place, last);
    }
  }

  /** Takes out one that has ended by now, or returns null. */
  @Nullable T poll(long now) {
    while (!heap.isEmpty() && heap.getFirst().sortedBy <= now) {
      T first = heap.getFirst();
      if (first.deadline <= now) {
        remove(first);
        return first;
      }
      first.sortedBy = first.deadline;
      sink(0, first);
    }
    return null;
  }

  private void rise(int from, T item) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      if (heap.get(parent).sortedBy <= item.sortedBy) {
        break;
      }
      put(place, heap.get(parent));
      place = parent;
    }
    put(place, item);
  }

  private void sink(int from, T item) {
    int place = from;
    for (int child = 2 * place + 1; child < heap.size(); child = 2 * place + 1) {
      if (child + 1 < heap.size() && heap.get(child + 1).sortedBy < heap.get(child).sortedBy) {
        child++;
      }
      if (item.sortedBy <= heap.get(child).sortedBy) {
        break;
      }
      put(place, heap.get(child));
      place = child;
    }
    put(place, item);
  }

  private void put(int place, T item) {
    heap.set(place, item);
    item.place = place;
  }
}
