package dev.sallyport.harness.agreement;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Real sockets in the places of a network. */
final class RealTcp implements RawTcp {
  private record Port(Who who, int number) {}

  private final Network network;
  private final Map<Port, ServerSocketChannel> listeners = new HashMap<>();
  private final Map<Port, List<SocketChannel>> open = new HashMap<>();

  RealTcp(Network network) {
    this.network = network;
  }

  @Override
  public InetAddress address(Who who) {
    return switch (who) {
      case CLIENT -> network.address(Place.CLIENT);
      case SERVER -> network.address(Place.SERVER);
      case X, Y, Z -> network.dhtAddresses().get(IN_THE_MIDDLE.indexOf(who));
    };
  }

  @Override
  public InetAddress outside(Who who) {
    return switch (who) {
      case CLIENT -> network.publicAddress(Place.CLIENT);
      case SERVER -> network.publicAddress(Place.SERVER);
      case X, Y, Z -> address(who);
    };
  }

  private static Place place(Who who) {
    return switch (who) {
      case CLIENT -> Place.CLIENT;
      case SERVER -> Place.SERVER;
      case X, Y, Z -> Place.MIDDLE;
    };
  }

  /** What Java throws here is the laboratory's fault, not an answer. */
  private static <T> T sure(Callable<T> work) {
    try {
      return work.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e.toString(), e);
    }
  }

  @Override
  public void listen(Who who, int port) {
    listeners.put(
        new Port(who, port),
        sure(
            () -> {
              ServerSocketChannel listener =
                  network.inside(
                      place(who), () -> ServerSocketChannel.open(StandardProtocolFamily.INET));
              share(listener);
              listener.bind(new InetSocketAddress(address(who), port));
              listener.configureBlocking(false);
              return listener;
            }));
  }

  private static void share(NetworkChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
  }

  @Override
  public List<Answer> dial(List<Call> calls) {
    return sure(
        () -> {
          List<SocketChannel> sockets = new ArrayList<>();
          for (Call call : calls) {
            sockets.add(bound(call));
          }
          try (Selector selector = Selector.open()) {
            return race(selector, calls, sockets);
          }
        });
  }

  private SocketChannel bound(Call call) throws IOException, InterruptedException {
    SocketChannel socket =
        network.inside(place(call.who()), () -> SocketChannel.open(StandardProtocolFamily.INET));
    open.computeIfAbsent(new Port(call.who(), call.port()), port -> new ArrayList<>()).add(socket);
    share(socket);
    socket.bind(new InetSocketAddress(address(call.who()), call.port()));
    socket.configureBlocking(false);
    return socket;
  }

  /** The connects are a few microseconds apart: less than any path takes. */
  private static List<Answer> race(Selector selector, List<Call> calls, List<SocketChannel> sockets)
      throws IOException {
    List<SelectionKey> keys = new ArrayList<>();
    for (SocketChannel socket : sockets) {
      keys.add(socket.register(selector, SelectionKey.OP_CONNECT));
    }
    for (int i = 0; i < calls.size(); i++) {
      if (sockets.get(i).connect(calls.get(i).to().toSocketAddress())) {
        throw new IllegalStateException("connected at once");
      }
    }
    long deadline = System.nanoTime() + SILENCE_MILLIS * 1_000_000L;
    @Nullable Answer[] answers = new Answer[calls.size()];
    int missing = answers.length;
    long left = SILENCE_MILLIS;
    while (missing > 0 && left > 0) {
      selector.select(left);
      for (SelectionKey key : selector.selectedKeys()) {
        int index = keys.indexOf(key);
        answers[index] = answer(sockets.get(index));
        key.cancel();
        missing--;
      }
      selector.selectedKeys().clear();
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    List<Answer> all = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      Answer answer = answers[i];
      if (answer == null) {
        sockets.get(i).close();
      }
      all.add(answer == null ? Answer.SILENCE : answer);
    }
    // What is cancelled or closed lets go of its socket only when the selector is asked again.
    selector.selectNow();
    return all;
  }

  private static Answer answer(SocketChannel socket) throws IOException {
    try {
      socket.finishConnect();
      return Answer.ACCEPTED;
    } catch (ConnectException e) {
      return Answer.REFUSED;
    } catch (SocketException e) {
      return String.valueOf(e.getMessage()).contains("reset") ? Answer.REFUSED : Answer.UNREACHABLE;
    }
  }

  @Override
  public Endpoint callerOf(Who who, int port) {
    return sure(
        () -> {
          SocketChannel next = accept(listener(who, port), SILENCE_MILLIS);
          if (next == null) {
            throw new IllegalStateException("nobody has come to " + who + " at " + port);
          }
          open.computeIfAbsent(new Port(who, port), p -> new ArrayList<>()).add(next);
          return Endpoint.of((InetSocketAddress) next.getRemoteAddress());
        });
  }

  private ServerSocketChannel listener(Who who, int port) {
    ServerSocketChannel listener = listeners.get(new Port(who, port));
    if (listener == null) {
      throw new IllegalStateException(who + " does not listen at " + port);
    }
    return listener;
  }

  private static @Nullable SocketChannel accept(ServerSocketChannel listener, long millis)
      throws IOException {
    try (Selector selector = Selector.open()) {
      listener.register(selector, SelectionKey.OP_ACCEPT);
      selector.select(millis);
    }
    return listener.accept();
  }

  @Override
  public void hangUp(Who who, int port) {
    sure(
        () -> {
          for (SocketChannel socket : open.getOrDefault(new Port(who, port), List.of())) {
            abort(socket);
          }
          // The other side is told by a packet, which takes its time.
          try (Selector selector = Selector.open()) {
            return selector.select(SILENCE_MILLIS / 4);
          }
        });
  }

  /** With a reset, so that no TIME-WAIT is in the way of another row. */
  private static void abort(SocketChannel socket) throws IOException {
    if (socket.isOpen()) {
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
      socket.close();
    }
  }

  @Override
  public void close() {
    sure(
        () -> {
          for (List<SocketChannel> sockets : open.values()) {
            for (SocketChannel socket : sockets) {
              abort(socket);
            }
          }
          for (Channel listener : listeners.values()) {
            listener.close();
          }
          return null;
        });
  }
}
