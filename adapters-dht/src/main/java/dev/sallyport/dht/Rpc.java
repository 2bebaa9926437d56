package dev.sallyport.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import lbms.plugins.mldht.kad.RPCCall;
import lbms.plugins.mldht.kad.RPCCallListener;
import lbms.plugins.mldht.kad.RPCServer;
import lbms.plugins.mldht.kad.RPCState;
import lbms.plugins.mldht.kad.messages.ErrorMessage;
import lbms.plugins.mldht.kad.messages.MessageBase;

/**
 * Asks other nodes over mldht's RPC server. An answer counts only from the very address and port
 * that was asked, with the transaction's 48 random bits.
 *
 * <p>Threading: {@link #ask} and {@link #close} from any thread; replies arrive on the loop.
 */
final class Rpc {
  /** mldht keeps a call for 10 s, and 256 of them at most; the rest it would queue unbounded. */
  private static final int MAX_OUTSTANDING = 200;

  private static final int MAX_WAITING = 2000;
  private static final int MAX_SOFT_MILLIS = 500;
  private static final int MIN_SOFT_MILLIS = 200;

  private final RPCServer server;
  private final Loop loop;
  private final BiConsumer<InetSocketAddress, Reply> observer;

  private final Object lock = new Object();
  private final Queue<Call> waiting = new ArrayDeque<>();
  private int outstanding;

  // As TCP keeps them (RFC 6298); only the loop writes them.
  private volatile double smoothedMillis = -1;
  private volatile double variationMillis;

  /**
   * @param observer sees every reply before its asker does, on the loop
   */
  Rpc(RPCServer server, Loop loop, BiConsumer<InetSocketAddress, Reply> observer) {
    this.server = server;
    this.loop = loop;
    this.observer = observer;
  }

  /** Sends a query, now or when there is room; the replies go to {@code sink}. */
  void ask(MessageBase query, InetSocketAddress to, Consumer<Reply> sink) {
    query.setDestination(to);
    Call call = new Call(query, sink);
    synchronized (lock) {
      if (outstanding >= MAX_OUTSTANDING) {
        if (waiting.size() < MAX_WAITING) {
          waiting.add(call);
        } else {
          call.post(new Reply.Silence());
        }
        return;
      }
      outstanding++;
    }
    call.send();
  }

  /**
   * An answer or an error arrived for a query; mldht calls this, by {@link MldhtCore}.
   *
   * <p>mldht tells a call's listeners as well, but loses answers that come before the sending
   * thread has noted that the query was sent. On loopback, on a busy computer, that happens.
   */
  static void arrived(MessageBase message) {
    if (message.getAssociatedCall() instanceof Call call) {
      call.arrived(message);
    }
  }

  InetAddress bindAddress() {
    return server.getBindAddress();
  }

  int port() {
    return server.getPort();
  }

  /** Closes the socket; every outstanding query ends in silence. */
  void close() {
    server.stop();
    // A channel in a selector gives its port back when the selector next looks.
    DhtThreads.SELECTOR.getSelector().wakeup();
  }

  private void ended() {
    Call next;
    synchronized (lock) {
      next = waiting.poll();
      if (next == null) {
        outstanding--;
      }
    }
    if (next != null) {
      next.send();
    }
  }

  /** After how long an answer is late: well after most have come, but never long. */
  private int softMillis() {
    double smoothed = smoothedMillis;
    if (smoothed < 0) {
      return MAX_SOFT_MILLIS;
    }
    // Other nodes are further away than the ones measured; 2 x mean stands for that.
    double soft = 2 * smoothed + 4 * variationMillis;
    return (int) Math.clamp(soft, MIN_SOFT_MILLIS, MAX_SOFT_MILLIS);
  }

  private void measured(long millis) {
    if (smoothedMillis < 0) {
      smoothedMillis = millis;
      variationMillis = millis / 2.0;
    } else {
      variationMillis = 0.75 * variationMillis + 0.25 * Math.abs(smoothedMillis - millis);
      smoothedMillis = 0.875 * smoothedMillis + 0.125 * millis;
    }
  }

  /** One query. mldht's threads call it, partly under its own lock. */
  private final class Call extends RPCCall {
    private final InetSocketAddress to;
    private final Consumer<Reply> sink;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile long sentNanos;

    Call(MessageBase query, Consumer<Reply> sink) {
      super(query);
      this.to = query.getDestination();
      this.sink = sink;
      addListener(
          new RPCCallListener() {
            @Override
            public void stateTransition(RPCCall call, RPCState previous, RPCState current) {
              if (current == RPCState.STALLED && !over.get()) {
                post(new Reply.Late());
              } else if (current == RPCState.TIMEOUT) {
                end(new Reply.Silence());
              }
            }
          });
    }

    void send() {
      setExpectedRTT(softMillis());
      sentNanos = System.nanoTime();
      try {
        server.doCall(this);
      } catch (IllegalStateException e) {
        // mldht throws this when it is stopped at this moment.
        end(new Reply.Silence());
      }
    }

    void arrived(MessageBase message) {
      if (!to.equals(message.getOrigin())) {
        // mldht compares addresses only, not ports.
        end(new Reply.Silence());
      } else if (message instanceof ErrorMessage error) {
        end(new Reply.Refusal(error.getCode(), String.valueOf(error.getMessage())));
      } else {
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sentNanos);
        end(new Reply.Answer(message, new Contact(message.getID(), to), millis));
      }
    }

    private void end(Reply reply) {
      if (over.compareAndSet(false, true)) {
        post(reply);
        ended();
      }
    }

    void post(Reply reply) {
      loop.execute(
          () -> {
            if (reply instanceof Reply.Answer answer) {
              measured(answer.roundTripMillis());
            }
            observer.accept(to, reply);
            sink.accept(reply);
          });
    }
  }
}
