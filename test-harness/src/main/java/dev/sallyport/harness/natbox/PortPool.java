package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The ports of one outer address. */
final class PortPool {
  /** No port is free. */
  static final int NONE = -1;

  private static final PortChoice.Random ANY = PortChoice.random();
  private static final int TRIES = 16;

  private final PortChoice choice;
  private final RandomGenerator random;
  private final BitSet takenTcp = new BitSet();
  private final BitSet takenUdp = new BitSet();
  private final Map<InetAddress, Block> blocks = new HashMap<>();
  private final BitSet takenBlocks = new BitSet();
  private int lastTcp;
  private int lastUdp;

  private static final class Block {
    final int number;
    int ports;

    Block(int number) {
      this.number = number;
    }
  }

  PortPool(PortChoice choice, RandomGenerator random) {
    this.choice = choice;
    this.random = random;
    lastTcp = any();
    lastUdp = any();
  }

  /** A port as the choice has it, or {@link #NONE}. */
  int take(boolean tcp, Endpoint inner) {
    return switch (choice) {
      case PortChoice.Preserving() -> take(tcp, inner.port()) ? inner.port() : NONE;
      case PortChoice.Overloading() -> inner.port();
      case PortChoice.Random range -> takeAny(tcp, range.low(), range.high());
      case PortChoice.Sequential(int step) -> takeNext(tcp, step);
      case PortChoice.Block(int size) -> takeOfBlock(tcp, inner.address(), size);
    };
  }

  /** Any port, whatever the choice, or {@link #NONE}. */
  int takeAny(boolean tcp) {
    return takeAny(tcp, ANY.low(), ANY.high());
  }

  /** Any port, whether somebody has it or not. */
  int any() {
    return random.nextInt(ANY.low(), ANY.high() + 1);
  }

  /** This port; false if it is taken. */
  boolean take(boolean tcp, int port) {
    BitSet taken = taken(tcp);
    if (taken.get(port)) {
      return false;
    }
    taken.set(port);
    return true;
  }

  void free(boolean tcp, int port, InetAddress host) {
    taken(tcp).clear(port);
    Block block = blocks.get(host);
    if (block != null && --block.ports == 0) {
      blocks.remove(host);
      takenBlocks.clear(block.number);
    }
  }

  private int takeNext(boolean tcp, int step) {
    int range = ANY.high() - ANY.low() + 1;
    int port = tcp ? lastTcp : lastUdp;
    for (int tries = 0; tries < range; tries++) {
      port = ANY.low() + Math.floorMod(port - ANY.low() + step, range);
      if (take(tcp, port)) {
        if (tcp) {
          lastTcp = port;
        } else {
          lastUdp = port;
        }
        return port;
      }
    }
    return NONE;
  }

  private int takeOfBlock(boolean tcp, InetAddress host, int size) {
    Block block = blocks.get(host);
    if (block == null) {
      int count = (ANY.high() - ANY.low() + 1) / size;
      int number = free(takenBlocks, 0, count - 1);
      if (number == NONE) {
        return NONE;
      }
      block = new Block(number);
    }
    int low = ANY.low() + block.number * size;
    int port = takeAny(tcp, low, low + size - 1);
    if (port != NONE) {
      block.ports++;
      blocks.put(host, block);
      takenBlocks.set(block.number);
    }
    return port;
  }

  private int takeAny(boolean tcp, int low, int high) {
    BitSet taken = taken(tcp);
    int port = free(taken, low, high);
    if (port != NONE) {
      taken.set(port);
    }
    return port;
  }

  /** Any number that is not taken: a few guesses, then the next free one after a random place. */
  private int free(BitSet taken, int low, int high) {
    int guess = low;
    for (int tries = 0; tries < TRIES; tries++) {
      guess = random.nextInt(low, high + 1);
      if (!taken.get(guess)) {
        return guess;
      }
    }
    int next = taken.nextClearBit(guess);
    if (next > high) {
      next = taken.nextClearBit(low);
    }
    return next > high ? NONE : next;
  }

  private BitSet taken(boolean tcp) {
    return tcp ? takenTcp : takenUdp;
  }
}
