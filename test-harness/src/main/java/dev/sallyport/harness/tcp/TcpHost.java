package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.model.Scheduler;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.Packet.Icmp;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.Packet.Udp;
import dev.sallyport.harness.packet.TcpFlags;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A host with one address, or one of each family, and the TCP and UDP of its kernel, modelled on
 * Linux 6.x. Packets come in by {@link #receive} and go out by the consumer that is given to it, at
 * the same moment. A port is one of both families, as the sockets of Java's are.
 *
 * <p>Ports are bound as Sallyport binds them, with SO_REUSEADDR and SO_REUSEPORT: connects may
 * start from a port that listens, and from one port to several remote endpoints. A segment goes to
 * whoever holds its 4-tuple first, and to a listener only if nobody does: a SYN that meets a
 * connect is a simultaneous open and is not accepted.
 *
 * <p>To be used by the scheduler's thread only.
 */
public final class TcpHost {
  final Scheduler scheduler;
  final Wire wire;
  private final List<InetAddress> addresses;
  private final Ports ports;
  private final long secret;
  private final Map<Tuple, TupleHolder> holders = new HashMap<>();
  private final Map<Integer, Listening> listeners = new HashMap<>();
  private final Map<Integer, UdpListener> udp = new HashMap<>();

  /**
   * A host that has just started.
   *
   * @param random for sequence numbers and ephemeral ports
   * @param out takes the packets that this host sends
   */
  public TcpHost(
      InetAddress address, Scheduler scheduler, RandomGenerator random, Consumer<Packet> out) {
    this(List.of(address), scheduler, random, out);
  }

  /**
   * The same with an address of each family.
   *
   * @param addresses at least one, at most one of each family
   */
  public TcpHost(
      List<InetAddress> addresses,
      Scheduler scheduler,
      RandomGenerator random,
      Consumer<Packet> out) {
    long families = addresses.stream().map(AddressFamily::of).distinct().count();
    if (addresses.isEmpty() || families < addresses.size()) {
      throw new IllegalArgumentException("a host has one address of a family, not " + addresses);
    }
    this.addresses = List.copyOf(addresses);
    this.scheduler = scheduler;
    this.wire = new Wire(out);
    this.ports = new Ports(random);
    this.secret = random.nextLong();
  }

  /** Its address; of two, the first. */
  public InetAddress address() {
    return addresses.getFirst();
  }

  /** All its addresses. */
  public List<InetAddress> addresses() {
    return addresses;
  }

  /**
   * The process that has all its sockets ends, however it does: its kernel closes them. As {@link
   * TcpConnection#close}, this resets what has unread data.
   */
  public void exit() {
    List.copyOf(listeners.keySet()).forEach(this::stopListening);
    udp.clear();
    for (TupleHolder holder : List.copyOf(holders.values())) {
      if (holder instanceof TcpConnection connection) {
        connection.close();
      }
    }
  }

  /** Its power or its cable is gone for good: nothing comes in or goes out any more. */
  public void cutOff() {
    wire.cut();
  }

  /** Takes a packet from the network. One for another address is dropped. */
  public void receive(Packet packet) {
    if (wire.isCut() || !addresses.contains(packet.destination())) {
      return;
    }
    switch (packet) {
      case Tcp segment -> receiveTcp(segment);
      case Udp datagram -> receiveUdp(datagram);
      case Icmp error -> receiveIcmp(error);
    }
  }

  /**
   * Listens on a port.
   *
   * @param accepted gets each connection when its handshake is done
   * @throws IllegalStateException if this port listens already: Sallyport looks before it binds
   */
  public void listen(int port, Consumer<TcpConnection> accepted) {
    Endpoint checked = new Endpoint(address(), port);
    if (listeners.putIfAbsent(checked.port(), new Listening(accepted)) != null) {
      throw new IllegalStateException("port " + port + " listens already");
    }
  }

  /**
   * Stops listening. Connections stay. Half-open children go, but, as in Linux, each only when its
   * next segment or timer comes, and keeps its 4-tuple until then. Nothing happens if the port does
   * not listen.
   */
  public void stopListening(int port) {
    Listening listening = listeners.remove(port);
    if (listening != null) {
      listening.open = false;
    }
  }

  /**
   * Starts a connect.
   *
   * @param localPort 0 for an ephemeral one
   * @throws IllegalArgumentException if the host has no address of the remote's family
   * @throws TupleInUseException if a connection, a half-open child of a listener or TIME-WAIT has
   *     these two endpoints, or no ephemeral port is left
   */
  public TcpConnection connect(int localPort, Endpoint remote, TcpListener listener)
      throws TupleInUseException {
    int port = localPort != 0 ? localPort : ports.pick(remote, p -> isFree(p, remote));
    if (port == 0) {
      throw new TupleInUseException(0, remote);
    }
    Endpoint local = new Endpoint(source(remote), port);
    Tuple tuple = new Tuple(port, remote);
    TupleHolder holder = holders.get(tuple);
    int iss;
    if (holder instanceof TimeWait old && old.yieldsToConnect()) {
      iss = old.nextIss();
      old.drop();
    } else if (holder == null) {
      iss = initialSequence(tuple);
    } else {
      throw new TupleInUseException(port, remote);
    }
    TcpConnection connection = TcpConnection.connecting(this, tuple, local, iss, listener);
    hold(tuple, connection);
    connection.sendSyn();
    return connection;
  }

  /** How many 4-tuples are held: by connections in any state but TIME-WAIT, half-open ones too. */
  public int openConnections() {
    return holders.size() - timeWaits();
  }

  /** How many 4-tuples are in TIME-WAIT. */
  public int timeWaits() {
    int count = 0;
    for (TupleHolder holder : holders.values()) {
      if (holder instanceof TimeWait waiting && !waiting.isFinWait2()) {
        count++;
      }
    }
    return count;
  }

  /**
   * Takes the datagrams to this port from now on.
   *
   * @throws IllegalStateException if the port is bound
   */
  public void bindUdp(int port, UdpListener listener) {
    Endpoint checked = new Endpoint(address(), port);
    if (udp.putIfAbsent(checked.port(), listener) != null) {
      throw new IllegalStateException("UDP port " + port + " is bound");
    }
  }

  /** Answers datagrams to this port with "port unreachable" from now on. */
  public void unbindUdp(int port) {
    udp.remove(port);
  }

  /**
   * Sends a datagram, from a port that may be bound or not.
   *
   * @throws IllegalArgumentException if the host has no address of the remote's family
   */
  public void sendUdp(int fromPort, Endpoint to, int length, @Nullable Object body) {
    wire.send(new Udp(new Endpoint(source(to), fromPort), to, length, body));
  }

  void hold(Tuple tuple, TupleHolder holder) {
    holders.put(tuple, holder);
  }

  void release(Tuple tuple, TupleHolder holder) {
    holders.remove(tuple, holder);
  }

  @Nullable Listening listening(int port) {
    return listeners.get(port);
  }

  /** Answers a SYN that a listener takes. */
  void open(Listening listening, Tuple tuple, Tcp syn, int iss) {
    HalfOpen child = new HalfOpen(this, listening, tuple, syn, iss);
    hold(tuple, child);
    child.start();
  }

  private void receiveTcp(Tcp segment) {
    Tuple tuple = new Tuple(segment.to().port(), segment.from());
    TupleHolder holder = holders.get(tuple);
    if (holder != null) {
      holder.arrives(segment);
      return;
    }
    Listening listening = listeners.get(tuple.localPort());
    if (listening == null || segment.has(TcpFlags.ACK)) {
      wire.refuse(segment);
    } else if (segment.opens() && !segment.has(TcpFlags.FIN)) {
      open(listening, tuple, segment, initialSequence(tuple));
    }
  }

  private void receiveUdp(Udp datagram) {
    UdpListener listener = udp.get(datagram.to().port());
    if (listener == null) {
      wire.send(
          new Icmp(
              datagram.destination(), IcmpError.PORT_UNREACHABLE, datagram)); // RFC 1122 4.1.3.1
    } else {
      listener.received(datagram.from(), datagram.length(), datagram.body());
    }
  }

  private void receiveIcmp(Icmp error) {
    if (error.about() instanceof Tcp segment) {
      TupleHolder holder = holders.get(new Tuple(segment.from().port(), segment.to()));
      if (holder != null) {
        holder.errs(error.error(), Seq.of(segment));
      }
    }
  }

  private InetAddress source(Endpoint remote) {
    for (InetAddress address : addresses) {
      if (AddressFamily.of(address) == remote.family()) {
        return address;
      }
    }
    throw new IllegalArgumentException("no address to reach " + remote + " from: " + addresses);
  }

  private boolean isFree(int port, Endpoint remote) {
    if (listeners.containsKey(port)) {
      return false;
    }
    TupleHolder holder = holders.get(new Tuple(port, remote));
    return holder == null || (holder instanceof TimeWait old && old.yieldsToConnect());
  }

  /**
   * A keyed hash of the 4-tuple plus a clock that ticks every 64 ns (RFC 6528, {@code
   * secure_tcp_seq}): a later connection on the same tuple starts higher, which is how TIME-WAIT
   * tells it from old segments.
   */
  private int initialSequence(Tuple tuple) {
    long x = (secret + tuple.hashCode()) * 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return (int) (x >>> 32) + (int) (scheduler.now() >> 6);
  }
}
