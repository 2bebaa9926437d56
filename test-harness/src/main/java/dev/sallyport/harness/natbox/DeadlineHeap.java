package dev.sallyport.harness.natbox;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A binary heap of what ends next. A deadline that is put off costs nothing until it comes up:
 * established connections move theirs with each packet.
 */
final class DeadlineHeap<T extends Timed> {
  private Timed[] heap = new Timed[64];
  private int size;

  void add(T item) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    item.sortedBy = item.deadline;
    rise(size++, item);
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
    Timed last = heap[--size];
    heap[size] = null;
    if (last != item) {
      sink(place, last);
      rise(last.place, last);
    }
  }

  /** Takes out one that has ended by now, or returns null. */
  @SuppressWarnings("unchecked") // only T goes in
  @Nullable T poll(long now) {
    while (size > 0 && heap[0].sortedBy <= now) {
      Timed first = heap[0];
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
      if (heap[parent].sortedBy <= item.sortedBy) {
        break;
      }
      put(place, heap[parent]);
      place = parent;
    }
    put(place, item);
  }

  private void sink(int from, Timed item) {
    int place = from;
    for (int child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && heap[child + 1].sortedBy < heap[child].sortedBy) {
        child++;
      }
      if (item.sortedBy <= heap[child].sortedBy) {
        break;
      }
      put(place, heap[child]);
      place = child;
    }
    put(place, item);
  }

  private void put(int place, Timed item) {
    heap[place] = item;
    item.place = place;
  }
}
