package dev.sallyport.domain.nat;

/** How a NAT picks the external port of a new mapping (RFC 4787 section 4.2). */
public sealed interface PortAllocation {

  /** The internal port, while it is free: "port preservation". */
  record Preserving() implements PortAllocation {}

  /**
   * The last one plus a step.
   *
   * @param step not 0, from -256 to 256
   */
  record Sequential(int step) implements PortAllocation {
    public Sequential {
      if (step == 0 || step < -256 || step > 256) {
        throw new IllegalArgumentException("a step of " + step);
      }
    }
  }

  /** Any of a block that belongs to one customer (RFC 6888, RFC 7422). Both ends inclusive. */
  record Block(int low, int high) implements PortAllocation {
    public Block {
      checkRange(low, high);
    }

    /** Whether this port is one of it. */
    public boolean has(int port) {
      return low <= port && port <= high;
    }
  }

  /** Any of a range, unpredictably. Both ends inclusive. */
  record Random(int low, int high) implements PortAllocation {
    public Random {
      checkRange(low, high);
    }
  }

  private static void checkRange(int low, int high) {
    if (low < 1 || high > 65535 || low > high) {
      throw new IllegalArgumentException("a port range from " + low + " to " + high);
    }
  }
}
