package dev.sallyport.harness.kit;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import dev.sallyport.harness.tcp.TupleInUseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * TCP hole punching as one writes it first: from the port that a server in the middle has seen,
 * each peer dials the other.
 */
final class TcpPuncher implements TcpListener {
  private static final int PORT = 5000;
  private static final int RENDEZVOUS_PORT = 7000;
  private static final Duration PAUSE = Duration.ofMillis(10);

  private final TwoSites lab;
  private final TcpHost host;
  private final boolean again;
  private Endpoint target;
  private boolean connected;

  private TcpPuncher(TwoSites lab, TcpHost host, TcpHost rendezvous, boolean again) {
    this.lab = lab;
    this.host = host;
    this.again = again;
    this.target = new Endpoint(rendezvous.address(), RENDEZVOUS_PORT);
    dial();
  }

  /**
   * Lets the two hosts dial each other; true if both are connected within 10 s.
   *
   * @param skew how much later than the first peer the second one is told where to dial
   * @param again whether a peer whose connect fails dials again
   */
  static boolean connects(TwoSites lab, Duration skew, boolean again) {
    TcpHost rendezvous = lab.host(lab.addresses().stun().getFirst());
    List<TcpConnection> registered = new ArrayList<>();
    rendezvous.listen(
        RENDEZVOUS_PORT,
        connection -> {
          registered.add(connection);
          if (registered.size() == 2) {
            TcpConnection first = registered.getFirst();
            first.send(connection.remote(), 6);
            lab.after(skew, () -> connection.send(first.remote(), 6));
          }
        });
    TcpPuncher client = new TcpPuncher(lab, lab.client(), rendezvous, again);
    TcpPuncher server = new TcpPuncher(lab, lab.server(), rendezvous, again);
    return lab.runUntil(() -> client.connected && server.connected, Duration.ofSeconds(10));
  }

  private void dial() {
    try {
      var unused = host.connect(PORT, target, this);
    } catch (TupleInUseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void received(Object message) {
    target = (Endpoint) message;
    dial();
  }

  @Override
  public void established() {
    connected = target.port() != RENDEZVOUS_PORT;
  }

  @Override
  public void failed(ConnectFailure why) {
    if (again) {
      lab.after(PAUSE, this::dial);
    }
  }

  @Override
  public void closed(boolean reset) {}
}
