package dev.sallyport.ws;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One end of a connection in memory, for rehearsals: bounded, in order, without secrets. */
final class MemoryChannel implements SecureChannel {
  private static final Endpoint NOWHERE = Endpoint.parse("127.0.0.1:1");
  private static final PublicKey32 NOBODY = PublicKey32.of(new byte[PublicKey32.LENGTH]);

  private final Pipe in;
  private final Pipe out;

  private MemoryChannel(Pipe in, Pipe out) {
    this.in = in;
    this.out = out;
  }

  /**
   * One end of a new connection.
   *
   * @param capacity how many bytes each direction holds before a writer must wait
   */
  static MemoryChannel open(int capacity) {
    return new MemoryChannel(new Pipe(capacity), new Pipe(capacity));
  }

  /** The other end. */
  MemoryChannel peer() {
    return new MemoryChannel(out, in);
  }

  @Override
  public PublicKey32 localKey() {
    return NOBODY;
  }

  @Override
  public PublicKey32 peerKey() {
    return NOBODY;
  }

  @Override
  public Endpoint local() {
    return NOWHERE;
  }

  @Override
  public Endpoint remote() {
    return NOWHERE;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws LinkException {
    return in.read(buffer, offset, length);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws LinkException {
    out.write(buffer, offset, length);
  }

  @Override
  public void close() {
    in.closeReader();
    out.closeWriter();
  }

  /** One direction: a ring of bytes. */
  private static final class Pipe {
    private final byte[] ring;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int head;
    private int count;
    private boolean readerClosed;
    private boolean writerClosed;

    Pipe(int capacity) {
      ring = new byte[capacity];
    }

    int read(byte[] buffer, int offset, int length) throws LinkException {
      lock.lock();
      try {
        while (count == 0 && !readerClosed && !writerClosed) {
          changed.awaitUninterruptibly();
        }
        if (readerClosed) {
          throw closed();
        }
        if (count == 0) {
          return -1;
        }
        int taken = Math.min(length, Math.min(count, ring.length - head));
        System.arraycopy(ring, head, buffer, offset, taken);
        head = (head + taken) % ring.length;
        count -= taken;
        changed.signalAll();
        return taken;
      } finally {
        lock.unlock();
      }
    }

    void write(byte[] buffer, int offset, int length) throws LinkException {
      lock.lock();
      try {
        int written = 0;
        while (written < length) {
          while (count == ring.length && !readerClosed && !writerClosed) {
            changed.awaitUninterruptibly();
          }
          if (readerClosed || writerClosed) {
            throw closed();
          }
          int tail = (head + count) % ring.length;
          int free = Math.min(ring.length - count, ring.length - tail);
          int moved = Math.min(length - written, free);
          System.arraycopy(buffer, offset + written, ring, tail, moved);
          written += moved;
          count += moved;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    void closeReader() {
      lock.lock();
      try {
        readerClosed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void closeWriter() {
      lock.lock();
      try {
        writerClosed = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    private static LinkException closed() {
      return new LinkException(LinkException.Reason.BROKEN, "the connection is closed");
    }
  }
}
