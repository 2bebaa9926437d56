package dev.sallyport.net;

import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.net.ObserverPlaces.Place;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TCP half of an observer: connections, their questions, and the dial-backs that are asked for
 * over them. A connection whose dial-back is under way is not read until that is over, so that it
 * can have only one. For the observer's thread only.
 */
final class ResponderStreams {
  private static final Logger LOG = LoggerFactory.getLogger(ResponderStreams.class);
  private static final int MAX_PER_ROUND = 64;

  private final ObserverPlaces places;
  private final ResponderLimits limits;
  private final BindingAnswers answers;
  private final SourceLimit questions;
  private final Selector selector;
  private final DialBackDesk desk;
  private final Queue<ResponderConnection> resumed = new ArrayDeque<>();
  private final Set<ResponderConnection> open = new LinkedHashSet<>();
  private final Map<InetAddress, Integer> perSource = new HashMap<>();

  ResponderStreams(
      ObserverPlaces places,
      ResponderLimits limits,
      BindingAnswers answers,
      SourceLimit questions,
      Selector selector) {
    this.places = places;
    this.limits = limits;
    this.answers = answers;
    this.questions = questions;
    this.selector = selector;
    this.desk = new DialBackDesk(limits, selector);
  }

  boolean isIdle() {
    return open.isEmpty() && desk.isIdle();
  }

  void accept(ServerSocketChannel listener, Place place, Instant now) throws IOException {
    for (int i = 0; i < MAX_PER_ROUND; i++) {
      SocketChannel channel = listener.accept();
      if (channel == null) {
        return;
      }
      try {
        take(new ResponderConnection(channel, place, now.plus(limits.idle())), now);
      } catch (IOException | RuntimeException e) {
        LOG.debug("an accepted connection was gone at once: {}", e.getMessage());
        Quietly.close(channel);
      }
    }
  }

  private void take(ResponderConnection connection, Instant now) throws IOException {
    InetAddress source = SourceLimit.source(connection.remote().address());
    if (open.size() >= limits.connections()
        || perSource.getOrDefault(source, 0) >= limits.sourceConnections()
        || !questions.take(source, now)) {
      connection.close();
      return;
    }
    connection.channel().register(selector, SelectionKey.OP_READ, connection);
    open.add(connection);
    perSource.merge(source, 1, Integer::sum);
  }

  /** Something has come, or the other side has said all. */
  void read(ResponderConnection connection, Instant now) {
    try {
      connection.fill();
    } catch (IOException e) {
      LOG.debug("{}: {}", connection.remote(), e.getMessage());
      drop(connection);
      return;
    }
    proceed(connection, now);
  }

  private void proceed(ResponderConnection connection, Instant now) {
    try {
      answerAll(connection, now);
    } catch (IOException | MalformedException e) {
      LOG.debug("{}: {}", connection.remote(), e.getMessage());
      drop(connection);
    }
  }

  private void answerAll(ResponderConnection connection, Instant now)
      throws IOException, MalformedException {
    while (connection.isReading()) {
      byte[] message = connection.next();
      if (message == null) {
        break;
      }
      if (!questions.take(connection.remote().address(), now)) {
        throw new IOException("it asks too much");
      }
      StunRequest request = StunRequest.decode(message);
      // Only a whole question counts: drop by drop nobody stays.
      connection.deadline(now.plus(limits.idle()));
      if (request.dialBack() == null || answers.isRefusedOverTcp(request)) {
        connection.send(answer(connection, request, null));
      } else {
        dialBack(connection, request, request.dialBack(), now);
      }
    }
    if (connection.ended() && connection.isReading()) {
      forget(connection);
      connection.closeInOrder();
    }
  }

  /** The only place where it is said what is dialled: the other end of this very connection. */
  private void dialBack(
      ResponderConnection connection, StunRequest request, DialBackOrder order, Instant now) {
    InetAddress source =
        switch (order.from()) {
          case OTHER_PORT -> connection.local().address();
          case OTHER_ADDRESS -> places.otherAddress(connection.place());
        };
    setWaiting(connection, true);
    desk.dial(
        order, connection.remote(), source, now, result -> report(connection, request, result));
  }

  private void report(ResponderConnection connection, StunRequest request, DialBack result) {
    if (!connection.isOpen()) {
      return;
    }
    setWaiting(connection, false);
    resumed.add(connection);
    try {
      connection.send(answer(connection, request, result));
    } catch (IOException e) {
      LOG.debug("{}: {}", connection.remote(), e.getMessage());
      drop(connection);
    }
  }

  private void setWaiting(ResponderConnection connection, boolean waiting) {
    connection.waiting(waiting);
    connection.channel().keyFor(selector).interestOps(waiting ? 0 : SelectionKey.OP_READ);
  }

  private byte[] answer(
      ResponderConnection connection, StunRequest request, @Nullable DialBack result) {
    return answers.overTcp(
        request, connection.place(), connection.local(), connection.remote(), result);
  }

  /** To be called in every round, before the keys are handled. */
  void look(Instant now) {
    desk.look(now);
  }

  /** The kernel knows how a dial-back went. */
  void finish(DialBackDesk.Dial dial, Instant now) {
    dial.finish(now);
    resume(now);
  }

  /** Turns to the questions that came while a dial-back was under way. */
  private void resume(Instant now) {
    for (ResponderConnection next = resumed.poll(); next != null; next = resumed.poll()) {
      proceed(next, now);
    }
  }

  /** Cuts off whoever has been quiet for too long, and gives up dials that take too long. */
  void expire(Instant now) {
    desk.expire(now);
    resume(now);
    for (ResponderConnection connection : List.copyOf(open)) {
      if (connection.isReading() && !now.isBefore(connection.deadline())) {
        drop(connection);
      }
    }
  }

  void drop(ResponderConnection connection) {
    forget(connection);
    connection.close();
  }

  private void forget(ResponderConnection connection) {
    if (open.remove(connection)) {
      InetAddress source = SourceLimit.source(connection.remote().address());
      perSource.computeIfPresent(source, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  void close() {
    desk.close();
    open.forEach(ResponderConnection::close);
    open.clear();
    perSource.clear();
  }
}
