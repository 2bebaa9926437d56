package dev.sallyport.dht;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
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
 * <p>Threading: {@link #ask} may be called from any thread; replies arrive on the loop.
 */
final class Rpc {
  /** mldht keeps a call for 10 s and 256 of them at most, and queues the rest without limit. */
  private static final int MAX_OUTSTANDING = 200;

  private static final int MAX_SOFT_MILLIS = 500;
  private static final int MIN_SOFT_MILLIS = 150;

  private final RPCServer server;
  private final Loop loop;
  private final BiConsumer<InetSocketAddress, Reply> observer;
  private final AtomicInteger outstanding = new AtomicInteger();

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

  /** Sends a query; the replies go to {@code sink} as {@link Reply} says. */
  void ask(MessageBase query, InetSocketAddress to, Consumer<Reply> sink) {
    if (outstanding.incrementAndGet() > MAX_OUTSTANDING) {
      outstanding.decrementAndGet();
      loop.execute(() -> sink.accept(new Reply.Silence()));
      return;
    }
    query.setDestination(to);
    RPCCall call = new RPCCall(query).setExpectedRTT(softMillis());
    call.addListener(new Listener(to, sink));
    server.doCall(call);
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

  /** Called under the call's lock, on mldht's threads. */
  private final class Listener implements RPCCallListener {
    private final InetSocketAddress to;
    private final Consumer<Reply> sink;

    Listener(InetSocketAddress to, Consumer<Reply> sink) {
      this.to = to;
      this.sink = sink;
    }

    @Override
    public void stateTransition(RPCCall call, RPCState previous, RPCState current) {
      switch (current) {
        case STALLED -> post(new Reply.Late());
        case TIMEOUT -> end(new Reply.Silence());
        case ERROR -> end(refusal(call.getResponse()));
        case RESPONDED -> end(answer(call));
        case UNSENT, SENT -> {}
      }
    }

    private Reply answer(RPCCall call) {
      MessageBase message = call.getResponse();
      // mldht compares addresses only.
      if (!to.equals(message.getOrigin()) || message.getID() == null) {
        return new Reply.Silence();
      }
      return new Reply.Answer(message, new Contact(message.getID(), to), call.getRTT());
    }

    private Reply refusal(MessageBase message) {
      return message instanceof ErrorMessage error
          ? new Reply.Refusal(error.getCode(), String.valueOf(error.getMessage()))
          : new Reply.Silence();
    }

    private void end(Reply reply) {
      outstanding.decrementAndGet();
      post(reply);
    }

    private void post(Reply reply) {
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
