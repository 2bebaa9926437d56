package dev.sallyport.app.cli;

import dev.sallyport.app.runner.Peer;
import dev.sallyport.app.runner.ServiceHandler;
import dev.sallyport.domain.session.LinkListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** All callers of our service. Safe from any thread. */
final class Callers implements ServiceHandler {
  private final Reporter reporter;
  private final boolean echo;
  private final Set<Caller> callers = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();
  private volatile boolean closing;

  /**
   * @param echo whether each gets back what it sends
   */
  Callers(Reporter reporter, boolean echo) {
    this.reporter = reporter;
    this.echo = echo;
  }

  @Override
  public LinkListener connected(Peer peer) {
    Caller caller = new Caller(peer, reporter, echo, this::gone);
    callers.add(caller);
    if (closing) {
      caller.hangUp();
    }
    return caller;
  }

  /** Sends a line to everybody; none of them holds up the others. */
  void say(String line) {
    callers.forEach(caller -> caller.say(line));
  }

  /** Says goodbye to everybody, and waits for their answers for at most this long. */
  void hangUp(Duration patience) throws InterruptedException {
    closing = true;
    callers.forEach(Caller::hangUp);
    lock.lock();
    try {
      long left = patience.toNanos();
      while (!callers.isEmpty() && left > 0) {
        left = empty.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void gone(Caller caller) {
    callers.remove(caller);
    lock.lock();
    try {
      if (callers.isEmpty()) {
        empty.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }
}
