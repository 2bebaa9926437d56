package dev.sallyport.harness.model;

/**
 * A clock, and whoever does things when it is time. One thread: what is scheduled runs one after
 * the other, in the order of its time, and first come first served at the same time.
 */
public interface Scheduler {
  /** Now, in nanoseconds of a clock that never runs backwards. */
  long now();

  /** Does this at that time, or as soon after as possible. */
  void at(long nanos, Runnable action);
}
