package dev.sallyport.harness.natbox;

/** How a NAT picks the outer port of a new mapping (RFC 4787 section 4.2). */
public sealed interface PortChoice {
  /** The lowest port that is given out where a choice has no range of its own, as on Linux. */
  int LOWEST = 1024;

  /** The highest port there is. */
  int HIGHEST = 65535;

  /** Any of all the ports that are given out, unpredictably. */
  static Random random() {
    return new Random(LOWEST, HIGHEST);
  }

  /**
   * The inner port while no mapping has it, and then whatever {@link PortConflict} says: "port
   * preservation".
   */
  record Preserving() implements PortChoice {}

  /**
   * The last one plus a step, past those that are taken; it starts anywhere.
   *
   * @param step not 0, from -256 to 256
   */
  record Sequential(int step) implements PortChoice {
    public Sequential {
      if (step == 0 || step < -256 || step > 256) {
        throw new IllegalArgumentException("a step of " + step);
      }
    }
  }

  /** Any free one of a range, unpredictably (RFC 6056). Both ends inclusive. */
  record Random(int low, int high) implements PortChoice {
    public Random {
      if (low < 1 || high > HIGHEST || low > high) {
        throw new IllegalArgumentException("a port range from " + low + " to " + high);
      }
    }
  }

  /**
   * Any free one of a block that belongs to one inside host as long as it has a mapping (RFC 6888
   * REQ-4, RFC 7422). A host with a full block gets no more, as RFC 6888 REQ-4 wants it. Each outer
   * address has its own blocks; TCP and UDP share them.
   *
   * @param size how many ports a block has
   */
  record Block(int size) implements PortChoice {
    public Block {
      if (size < 1 || size > HIGHEST - LOWEST + 1) {
        throw new IllegalArgumentException("a block of " + size + " ports");
      }
    }
  }

  /**
   * What Linux does (nf_nat, {@code get_unique_tuple}): an inner endpoint keeps the port it has, or
   * else its own one, as long as no other connection has the same outer port <em>to the same
   * remote</em>; several hosts may so have one outer port. Only where that clashes a connection
   * gets a random one. RFC 4787 REQ-3 forbids it as "port overloading".
   */
  record Overloading() implements PortChoice {}
}
