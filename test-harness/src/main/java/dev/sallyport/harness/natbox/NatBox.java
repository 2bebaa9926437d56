package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A NAT that stands between the hosts inside and the Internet outside: packets go in on one side,
 * and what comes out goes to a {@link NatOutlet}.
 *
 * <p>Not thread-safe. Times are nanoseconds of any clock that does not run backwards.
 */
public final class NatBox {
  private final InetAddress outside;
  private final Map<Integer, Endpoint> owners = new HashMap<>();

  /**
   * @param outside its outer addresses, at least one
   */
  public NatBox(NatBehavior behavior, List<InetAddress> outside, RandomGenerator random) {
    this.outside = outside.getFirst();
  }

  /** Lets whoever comes to this outer TCP port in to the same port of a host. */
  public void forward(int tcpPort, InetAddress host) {
    owners.put(tcpPort, new Endpoint(host, tcpPort));
  }

  /** Takes a packet that a host sent to the Internet, or to an outer address. */
  public void fromInside(Packet packet, long now, NatOutlet outlet) {
    if (packet instanceof Packet.Flow flow) {
      owners.put(flow.from().port(), flow.from());
      outlet.judged(Verdict.MAPPED, packet);
      outlet.toOutside(flow.between(new Endpoint(outside, flow.from().port()), flow.to()));
    }
  }

  /** Takes a packet that came from the Internet for an outer address. */
  public void fromOutside(Packet packet, long now, NatOutlet outlet) {
    if (packet instanceof Packet.Flow flow && owners.get(flow.to().port()) instanceof Endpoint to) {
      outlet.judged(Verdict.ADMITTED_ANYONE, packet);
      outlet.toInside(flow.between(flow.from(), to));
    } else {
      outlet.judged(Verdict.NO_MAPPING, packet);
    }
  }

  /** When to call {@link #tick} next; {@link Long#MAX_VALUE} if there is nothing to wait for. */
  public long deadline() {
    return Long.MAX_VALUE;
  }

  /** Does what is due. */
  public void tick(long now, NatOutlet outlet) {}
}
