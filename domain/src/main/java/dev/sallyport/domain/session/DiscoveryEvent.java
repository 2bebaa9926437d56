package dev.sallyport.domain.session;

import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Remembered;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What looking around brings, for both roles. */
public sealed interface DiscoveryEvent extends CallEvent, ServeEvent {
  /** The rendezvous is reached. */
  record Joined(int peers, Duration took) implements DiscoveryEvent {}

  /** The rendezvous cannot be reached; the message says who was tried. */
  record JoinFailed(String message) implements DiscoveryEvent {}

  /** What earlier runs have learnt of our network; comes before our addresses, if at all. */
  record Recalled(Remembered memory) implements DiscoveryEvent {}

  /** Our own addresses, the best first. */
  record AddressesListed(List<InetAddress> addresses) implements DiscoveryEvent {
    public AddressesListed {
      addresses = List.copyOf(addresses);
    }
  }

  /** Somebody outside told what it sees or whether it got in; may come again at any time. */
  record Observed(Evidence evidence) implements DiscoveryEvent {}

  /** A new port was looked at; null if nobody could look in time. */
  record Sampled(@Nullable Observation seen) implements DiscoveryEvent {}

  /** Whether what was seen of our port still holds is known, as far as anybody could say. */
  record Confirmed() implements DiscoveryEvent {}

  /** Every observer answered or ran out of time. */
  record Surveyed() implements DiscoveryEvent {}
}
