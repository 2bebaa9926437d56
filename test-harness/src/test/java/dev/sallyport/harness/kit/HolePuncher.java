package dev.sallyport.harness.kit;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.tcp.TcpHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Somebody else's protocol: UDP hole punching as in RFC 5128 section 3.3. A rendezvous server tells
 * each of two peers the other's reflexive endpoint, and both send there until they have heard each
 * other.
 */
final class HolePuncher {
  private static final int PORT = 4000;
  private static final int RENDEZVOUS_PORT = 7000;
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** What a peer says to the other; {@code heard} is whether it has heard from it. */
  private record Punch(boolean heard) {}

  private final TwoSites lab;
  private final TcpHost host;
  private final Endpoint rendezvous;
  private @Nullable Endpoint peer;
  private boolean heard;
  private boolean heardBack;

  private HolePuncher(TwoSites lab, TcpHost host, TcpHost rendezvous) {
    this.lab = lab;
    this.host = host;
    this.rendezvous = new Endpoint(rendezvous.address(), RENDEZVOUS_PORT);
    host.bindUdp(PORT, (from, length, body) -> received(from, body));
    sendAgainAndAgain();
  }

  /** Lets the two hosts punch; true if a datagram came through in both directions within 10 s. */
  static boolean punches(TwoSites lab) {
    TcpHost rendezvous = lab.host(lab.addresses().stun().getFirst());
    List<Endpoint> registered = new ArrayList<>();
    rendezvous.bindUdp(
        RENDEZVOUS_PORT,
        (from, length, body) -> {
          if (!registered.contains(from)) {
            registered.add(from);
          }
          if (registered.size() == 2) {
            Endpoint other = registered.get(1 - registered.indexOf(from));
            rendezvous.sendUdp(RENDEZVOUS_PORT, from, 6, other);
          }
        });
    HolePuncher client = new HolePuncher(lab, lab.client(), rendezvous);
    HolePuncher server = new HolePuncher(lab, lab.server(), rendezvous);
    return lab.runUntil(() -> client.heardBack && server.heardBack, Duration.ofSeconds(10));
  }

  private void received(Endpoint from, @Nullable Object body) {
    if (body instanceof Endpoint told && peer == null) {
      peer = told;
    } else if (body instanceof Punch punch) {
      peer = from; // behind a symmetric NAT the other comes from elsewhere than it was told
      heard = true;
      heardBack |= punch.heard;
    }
  }

  private void sendAgainAndAgain() {
    if (peer == null) {
      host.sendUdp(PORT, rendezvous, 5, "hello");
    } else {
      host.sendUdp(PORT, peer, 1, new Punch(heard));
    }
    lab.after(PAUSE, this::sendAgainAndAgain);
  }
}
