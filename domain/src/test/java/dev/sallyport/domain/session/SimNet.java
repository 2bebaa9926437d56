package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network of two hosts, each behind a NAT that keeps ports: as much TCP as it takes to meet or to
 * miss (RFC 9293 section 3.5), with delay and loss. A SYN that went out opens the filter for its
 * answer; without one the NAT drops, resets or lets through what comes.
 */
final class SimNet {
  /** What a NAT does with a SYN that nobody asked for. */
  enum Nat {
    NONE,
    SILENT,
    RESET
  }

  /**
   * @param broken the share of connections over which nothing gets through in one direction
   */
  record Path(Duration oneWay, Duration jitter, double loss, double broken) {}

  private static final int TRANSMISSIONS = 6;
  private static final Duration RETRANSMISSION = Duration.ofMillis(200);

  final SimWorld world;
  private final Path path;
  private final Map<String, Host> hosts = new HashMap<>();
  private long sequence;

  SimNet(SimWorld world, Path path) {
    this.world = world;
    this.path = path;
  }

  Host host(String name, String address, Nat nat) {
    Host host = new Host(name, address, nat);
    hosts.put(address, host);
    return host;
  }

  /** Told about what comes up on a host's ports. */
  interface Listener {
    void accepted(Half half);
  }

  /** Told about one connection, until it is closed from here. */
  interface Watcher {
    void established();

    void failed(DialFailure failure);

    void received(String message);

    /** The other end has closed it. */
    void reset();
  }

  private enum State {
    SYN_SENT,
    SYN_RECEIVED,
    ESTABLISHED,
    CLOSED
  }

  private enum Kind {
    SYN,
    SYN_ACK,
    ACK,
    RST
  }

  /**
   * @param ack what the other end sent, so that stale segments are told from fresh ones
   */
  private record Segment(Kind kind, Endpoint from, Endpoint to, long seq, long ack) {}

  /** One end of a connection. */
  final class Half {
    final Endpoint local;
    final Endpoint remote;
    private final Host host;
    private final long seq = ++sequence;
    private final boolean deaf = world.chance(path.broken);
    private final List<String> early = new ArrayList<>();
    private State state;
    private long peerSeq;
    private boolean resetByPeer;
    private @Nullable Half peer;
    private @Nullable Watcher watcher;

    private Half(Host host, Endpoint local, Endpoint remote, State state) {
      this.host = host;
      this.local = local;
      this.remote = remote;
      this.state = state;
    }

    /** The other end; null while or if it does not know of the connection. */
    @Nullable Half peer() {
      return peer;
    }

    boolean isOpen() {
      return state != State.CLOSED;
    }

    void watch(Watcher newWatcher) {
      watcher = newWatcher;
      List<String> messages = List.copyOf(early);
      early.clear();
      messages.forEach(newWatcher::received);
      if (resetByPeer) {
        newWatcher.reset();
      }
    }

    /** Sends in order; loss costs time, a broken connection swallows it. */
    void send(String message) {
      Half to = peer;
      if (state != State.ESTABLISHED || to == null || host.cut) {
        return;
      }
      Duration delay = transit();
      for (int i = 0; i < TRANSMISSIONS; i++) {
        if (!world.chance(path.loss)) {
          world.after(delay, () -> to.receive(message));
          return;
        }
        delay = delay.plus(RETRANSMISSION.multipliedBy(1L << i));
      }
    }

    private void receive(String message) {
      if (deaf || state == State.CLOSED || host.cut) {
        return;
      }
      establish(null); // data acknowledges, too
      Watcher to = watcher;
      if (to == null) {
        early.add(message);
      } else {
        to.received(message);
      }
    }

    /** Closes this end; the other one hears of it unless the connection is broken. */
    void close() {
      if (state == State.CLOSED) {
        return;
      }
      boolean established = state == State.ESTABLISHED;
      retire();
      Half to = peer;
      if (established && to != null && !to.deaf && !host.cut && !world.chance(path.loss)) {
        world.after(
            transit(),
            () -> {
              if (to.state != State.CLOSED && !to.host.cut) {
                to.lost();
              }
            });
      }
    }

    private void establish(@Nullable Half other) {
      if (other != null) {
        peer = other;
        other.peer = this;
      }
      if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
        state = State.ESTABLISHED;
        Watcher to = watcher;
        if (to == null) {
          host.listener().accepted(this);
        } else {
          to.established();
        }
      }
    }

    private void refused(DialFailure failure) {
      Watcher to = watcher;
      boolean established = state == State.ESTABLISHED;
      if (established) {
        lost();
        return;
      }
      retire();
      if (to != null) {
        to.failed(failure);
      }
    }

    private void lost() {
      retire();
      resetByPeer = true;
      Watcher to = watcher;
      if (to != null) {
        to.reset();
      }
    }

    private void retire() {
      state = State.CLOSED;
      host.halves.remove(new Tuple(local.port(), remote));
    }

    private void transmitSyn(int times) {
      if (state == State.SYN_SENT && times < 3) {
        host.opened.add(new Tuple(local.port(), remote));
        SimNet.this.transmit(new Segment(Kind.SYN, local, remote, seq, 0));
        world.after(Duration.ofSeconds(1), () -> transmitSyn(times + 1));
      }
    }

    private void transmitSynAck(int times) {
      if (state == State.SYN_RECEIVED && times < 4) {
        host.opened.add(new Tuple(local.port(), remote));
        SimNet.this.transmit(new Segment(Kind.SYN_ACK, local, remote, seq, peerSeq));
        world.after(Duration.ofSeconds(1), () -> transmitSynAck(times + 1));
      } else if (state == State.SYN_RECEIVED && watcher == null) {
        retire();
      }
    }
  }

  private record Tuple(int port, Endpoint remote) {}

  /** A host and its NAT; private and public ports are the same. */
  final class Host {
    final String name;
    private final String address;
    private final Nat nat;
    private final Map<Tuple, Half> halves = new LinkedHashMap<>();
    private final Set<Tuple> opened = new HashSet<>();
    private final Map<Integer, Listener> listeners = new HashMap<>();
    private int nextPort = 50_000;
    private boolean cut;

    private Host(String name, String address, Nat nat) {
      this.name = name;
      this.address = address;
      this.nat = nat;
    }

    void listen(int port, Listener listener) {
      listeners.put(port, listener);
    }

    /** Stops listening; what is open stays. */
    void stopListening() {
      listeners.clear();
    }

    /** Nothing comes in or gets out any more: its power or its cable is gone. */
    void cut() {
      cut = true;
    }

    /** What its process had is closed, by a kernel that goes on. */
    void closeAll() {
      stopListening();
      List.copyOf(halves.values()).forEach(Half::close);
    }

    /** Back from being cut off, and of what there was it knows nothing. */
    void reboot() {
      stopListening();
      halves.clear();
      opened.clear();
      cut = false;
    }

    private Listener listener() {
      return half -> {
        Listener at = listeners.get(half.local.port());
        if (at == null) {
          half.close();
        } else {
          at.accepted(half);
        }
      };
    }

    int open() {
      return halves.size();
    }

    /** Starts a connect; null if the tuple is in use. */
    @Nullable Half dial(int port, Endpoint remote, Watcher watcher) {
      int from = port == 0 ? nextPort++ : port;
      Endpoint local = Endpoint.parse(address + ":" + from);
      Tuple tuple = new Tuple(from, remote);
      if (halves.containsKey(tuple)) {
        return null;
      }
      Half half = new Half(this, local, remote, State.SYN_SENT);
      half.watcher = watcher;
      halves.put(tuple, half);
      half.transmitSyn(0);
      return half;
    }

    private void arrives(Segment segment) {
      if (cut) {
        return;
      }
      int port = segment.to.port();
      Tuple tuple = new Tuple(port, segment.from);
      if (nat != Nat.NONE && !opened.contains(tuple)) {
        if (nat == Nat.RESET && segment.kind == Kind.SYN) {
          transmit(new Segment(Kind.RST, segment.to, segment.from, 0, segment.seq));
        }
        return;
      }
      Half half = halves.get(tuple);
      if (half == null) {
        arrivesForNobody(segment, tuple);
        return;
      }
      switch (segment.kind) {
        case SYN -> {
          if (half.state == State.SYN_SENT || half.state == State.SYN_RECEIVED) {
            half.state = State.SYN_RECEIVED;
            half.peerSeq = segment.seq;
            half.transmitSynAck(0);
          }
        }
        case SYN_ACK -> {
          if (segment.ack != half.seq) {
            transmit(new Segment(Kind.RST, segment.to, segment.from, 0, segment.seq));
          } else {
            transmit(new Segment(Kind.ACK, segment.to, segment.from, half.seq, segment.seq));
            half.establish(find(segment.from, segment.to, segment.seq));
          }
        }
        case ACK -> {
          if (segment.ack == half.seq) {
            half.establish(find(segment.from, segment.to, segment.seq));
          }
        }
        case RST -> {
          if (segment.ack == half.seq) {
            half.refused(DialFailure.REFUSED);
          }
        }
      }
    }

    private void arrivesForNobody(Segment segment, Tuple tuple) {
      if (segment.kind == Kind.SYN && listeners.containsKey(segment.to.port())) {
        Half child = new Half(this, segment.to, segment.from, State.SYN_RECEIVED);
        child.peerSeq = segment.seq;
        halves.put(tuple, child);
        child.transmitSynAck(0);
      } else if (segment.kind != Kind.RST) {
        transmit(new Segment(Kind.RST, segment.to, segment.from, 0, segment.seq));
      }
    }
  }

  private @Nullable Half find(Endpoint local, Endpoint remote, long seq) {
    Host host = hosts.get(local.address().getHostAddress());
    Half half = host == null ? null : host.halves.get(new Tuple(local.port(), remote));
    return half != null && half.seq == seq ? half : null;
  }

  private void transmit(Segment segment) {
    Host sender = hosts.get(segment.from.address().getHostAddress());
    if (world.chance(path.loss) || (sender != null && sender.cut)) {
      return;
    }
    Host host = hosts.get(segment.to.address().getHostAddress());
    if (host != null) {
      world.after(transit(), () -> host.arrives(segment));
    }
  }

  private Duration transit() {
    return path.oneWay.plus(world.between(0, path.jitter.toNanos() / 1000));
  }
}
