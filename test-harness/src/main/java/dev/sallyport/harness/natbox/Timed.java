package dev.sallyport.harness.natbox;

/** Something that ends at a time, in a {@link DeadlineHeap}. */
abstract class Timed {
  /** When it ends, in nanoseconds. May be put off without telling the heap. */
  long deadline;

  /** The deadline it is sorted by, never later than {@link #deadline}. */
  long sortedBy;

  /** Where in the heap it is, or -1. */
  int place = -1;
}
