package dev.sallyport.harness.linux;

/** Carries the packets of a network, on a thread of its own. Safe for use by several threads. */
public interface Traffic extends AutoCloseable {
  /** What it has done so far. */
  WireReport report();

  /** Stops carrying. Packets under way are lost. */
  @Override
  void close();
}
