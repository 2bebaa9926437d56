package dev.sallyport.net;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.net.ObserverPlaces.Place;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells others how they look from outside: a STUN server for binding requests (RFC 8489) over UDP
 * and TCP on two ports, and with two addresses one for the behaviour tests of RFC 5780. For those
 * who ask over TCP it dials back, see {@link DialBack}.
 *
 * <p>It is of no use against third parties. Only requests are answered, so that two responders
 * cannot keep each other busy. Over UDP an answer goes where the question seems to come from, is
 * hardly longer, and is rationed by source and in all. A dial-back goes to the other end of the
 * connection that asked for it and nowhere else. See {@link ResponderLimits} for the numbers.
 *
 * <p>Threading: one thread does it all; {@link #close} from any thread.
 */
public final class StunResponder implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StunResponder.class);
  private static final int MAX_PER_ROUND = 64;
  private static final int TICK_MILLIS = 100;

  private final ObserverPlaces places;
  private final ObserverSockets sockets;
  private final Selector selector;
  private final ResponderStreams streams;
  private final BindingAnswers answers;
  private final SourceLimit questions;
  private final Set<InetAddress> own;
  private final List<SelectionKey> paused = new ArrayList<>();
  private volatile boolean closed;
  private volatile @Nullable Thread thread;
  // One byte more than a message may have, to notice those that are longer.
  private final ByteBuffer datagram = ByteBuffer.allocate(StunWire.MAX_BYTES + 1);

  private StunResponder(
      ObserverPlaces places, ResponderLimits limits, ObserverSockets sockets, Selector selector)
      throws IOException {
    this.places = places;
    this.sockets = sockets;
    this.selector = selector;
    this.answers = new BindingAnswers(places);
    this.questions = limits.questionLimit();
    this.streams = new ResponderStreams(places, limits, answers, questions, selector);
    this.own = ownAddresses(places);
    for (Map.Entry<Place, DatagramChannel> entry : sockets.datagrams().entrySet()) {
      entry.getValue().register(selector, SelectionKey.OP_READ, entry.getKey());
    }
    for (Map.Entry<Place, ServerSocketChannel> entry : sockets.listeners().entrySet()) {
      entry.getValue().register(selector, SelectionKey.OP_ACCEPT, entry.getKey());
    }
  }

  /**
   * Opens the sockets and answers until it is closed.
   *
   * @param addresses local addresses to answer on: none for all there are, one, or two of one
   *     family, on different networks' paths if possible, for the whole of RFC 5780
   * @param port N from 1 to 65534; N+1 is used too
   * @throws IllegalArgumentException if such addresses and ports cannot be, in one sentence
   * @throws IOException if they cannot be had, saying which and why in one sentence
   */
  public static StunResponder start(List<InetAddress> addresses, int port) throws IOException {
    return start(new ObserverPlaces(addresses, port), ResponderLimits.USUAL);
  }

  static StunResponder start(ObserverPlaces places, ResponderLimits limits) throws IOException {
    ObserverSockets sockets = ObserverSockets.open(places);
    Selector selector = null;
    try {
      selector = Selector.open();
      StunResponder responder = new StunResponder(places, limits, sockets, selector);
      responder.thread = Daemons.start("observe", responder::run);
      return responder;
    } catch (IOException | RuntimeException e) {
      sockets.close();
      if (selector != null) {
        Quietly.close(selector);
      }
      throw e;
    }
  }

  private void run() {
    try {
      while (!closed) {
        select();
      }
    } catch (IOException e) {
      LOG.error("the observer ends: {}", e.getMessage());
    } finally {
      streams.close();
      sockets.close();
      Quietly.close(selector);
    }
  }

  private void select() throws IOException {
    selector.select(streams.isIdle() && paused.isEmpty() ? 0 : TICK_MILLIS);
    Instant now = now();
    paused.forEach(key -> key.interestOps(SelectionKey.OP_ACCEPT));
    paused.clear();
    streams.look(now);
    for (SelectionKey key : selector.selectedKeys()) {
      try {
        handle(key, now);
      } catch (CancelledKeyException e) {
        // It was closed earlier in this round.
      } catch (IOException | RuntimeException e) {
        failed(key, e);
      }
    }
    selector.selectedKeys().clear();
    streams.expire(now);
  }

  private void handle(SelectionKey key, Instant now) throws IOException {
    switch (key.attachment()) {
      case ResponderConnection connection -> streams.read(connection, now);
      case DialBackDesk.Dial dial -> streams.finish(dial, now);
      case Place place when key.channel() instanceof ServerSocketChannel listener ->
          streams.accept(listener, place, now);
      case Place place when key.channel() instanceof DatagramChannel channel ->
          receive(channel, place, now);
      default -> throw new IllegalStateException("a key of nobody: " + key.attachment());
    }
  }

  private void failed(SelectionKey key, Exception e) {
    LOG.warn("an observer's socket: {}", e.toString());
    if (key.attachment() instanceof ResponderConnection connection) {
      streams.drop(connection);
    } else if (key.channel() instanceof ServerSocketChannel) {
      // No files left, perhaps: who waits in the backlog would wake us again at once.
      key.interestOps(0);
      paused.add(key);
    }
  }

  private void receive(DatagramChannel channel, Place place, Instant now) throws IOException {
    for (int i = 0; i < MAX_PER_ROUND; i++) {
      datagram.clear();
      if (!(channel.receive(datagram) instanceof InetSocketAddress from)) {
        return;
      }
      try {
        answer(Arrays.copyOf(datagram.array(), datagram.position()), from, place, now);
      } catch (MalformedException | IOException e) {
        LOG.trace("no answer to {}: {}", from, e.getMessage());
      }
    }
  }

  private void answer(byte[] message, InetSocketAddress from, Place place, Instant now)
      throws MalformedException, IOException {
    StunRequest request = StunRequest.decode(message);
    // Whoever could forge a source could forge its port as well: this lets nobody do more.
    InetSocketAddress to =
        request.responsePort() == 0
            ? from
            : new InetSocketAddress(from.getAddress(), request.responsePort());
    if (!isAnswerable(from) || !isAnswerable(to) || !questions.take(from.getAddress(), now)) {
      return;
    }
    BindingAnswers.Datagram answer = answers.overUdp(request, place, Endpoint.of(from));
    DatagramChannel channel = Objects.requireNonNull(sockets.datagrams().get(answer.via()));
    channel.send(ByteBuffer.wrap(answer.bytes()), to);
  }

  /** Whether somebody can be there, and not we ourselves. A source of UDP is easily forged. */
  boolean isAnswerable(InetSocketAddress from) {
    if (from.getPort() == 0) {
      return false;
    }
    AddressScope scope = AddressScope.of(from.getAddress());
    if (scope == AddressScope.UNSPECIFIED || scope == AddressScope.MULTICAST) {
      return false;
    }
    boolean ourPort = from.getPort() == places.port() || from.getPort() == places.port() + 1;
    return !ourPort || !own.contains(Endpoint.of(from).address());
  }

  private static Set<InetAddress> ownAddresses(ObserverPlaces places) throws IOException {
    return places.addresses().isEmpty()
        ? NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .map(address -> IpLiteral.of(address.getAddress()))
            .collect(Collectors.toSet())
        : Set.copyOf(places.addresses());
  }

  /** Steady, whatever is done to the wall clock. */
  private static Instant now() {
    return Instant.EPOCH.plusNanos(System.nanoTime());
  }

  /** The addresses it answers on; none if it is all there are. */
  public List<InetAddress> addresses() {
    return places.addresses();
  }

  /** Ends it, and waits until all its sockets are closed. */
  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    Thread running = thread;
    if (running == null || running == Thread.currentThread()) {
      return;
    }
    try {
      running.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
