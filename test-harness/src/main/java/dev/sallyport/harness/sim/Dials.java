package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.session.SocketEffect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one host has dialled, and when.
 *
 * <p>Effects do not say what a dial is part of, but it shows: dials of bursts are held for another
 * time than all others, dials of {@code local} go to private addresses, and of the rest those of
 * {@code direct} leave from ephemeral ports. A host may make several bursts. One that leaves from a
 * fixed port is the only one from there; of those from ephemeral ports a new one begins with a dial
 * to somewhere new that leaves more than 100 ms after the one before.
 */
final class Dials {
  private static final long SAME_BURST_NANOS = 100_000_000;

  /** What a dial was part of. */
  enum Kind {
    BURST,
    EXTERNAL,
    DIRECT,
    LOCAL
  }

  /**
   * Dials that belong together.
   *
   * @param burst which of the bursts from ephemeral ports it is, from 1; 0 if it is none of those
   */
  record Series(Kind kind, int burst) {}

  /**
   * A SYN that left.
   *
   * @param local with the port that it got
   */
  record Dial(long at, Series series, Endpoint local, Endpoint remote) {}

  private final List<Dial> all = new ArrayList<>();
  private @Nullable Dial latestEphemeral;

  /**
   * A SYN leaves for this.
   *
   * @param local with the port that it got
   */
  void left(SocketEffect.Dial what, Endpoint local, long now) {
    Kind kind = kind(what);
    if (kind != Kind.BURST || what.localPort() != 0) {
      all.add(new Dial(now, new Series(kind, 0), local, what.remote()));
    } else {
      Dial dial = new Dial(now, ephemeral(what.remote(), now), local, what.remote());
      latestEphemeral = dial;
      all.add(dial);
    }
  }

  /** All of them, in order. */
  List<Dial> all() {
    return List.copyOf(all);
  }

  /**
   * The start of this side as {@link Contact} has it, for a connection with these ends; null if it
   * had dialled nothing there.
   *
   * @param up when the connection was established, at the later end
   */
  @Nullable Long startOf(Endpoint local, Endpoint remote, long up) {
    Dial own = first(up, dial -> dial.local.port() == local.port() && dial.remote.equals(remote));
    Dial start =
        own == null
            ? first(up, dial -> dial.remote.sameAddress(remote))
            : first(up, dial -> dial.series.equals(own.series));
    return start == null ? null : start.at;
  }

  private @Nullable Dial first(long before, Predicate<Dial> which) {
    return all.stream().filter(d -> d.at < before).filter(which).findFirst().orElse(null);
  }

  private Series ephemeral(Endpoint remote, long now) {
    Dial latest = latestEphemeral;
    if (latest == null) {
      return new Series(Kind.BURST, 1);
    }
    if (latest.remote.equals(remote) || now - latest.at <= SAME_BURST_NANOS) {
      return latest.series;
    }
    return all.stream()
        .filter(dial -> dial.series.burst > 0 && dial.remote.equals(remote))
        .map(Dial::series)
        .findFirst()
        .orElse(new Series(Kind.BURST, latest.series.burst + 1));
  }

  private static Kind kind(SocketEffect.Dial dial) {
    if (!dial.timeout().equals(PunchPolicy.DEFAULT.dialTimeout())) {
      return Kind.BURST;
    }
    AddressScope scope = dial.remote().scope();
    if (scope == AddressScope.PRIVATE || scope == AddressScope.SHARED) {
      return Kind.LOCAL;
    }
    return dial.localPort() == 0 ? Kind.DIRECT : Kind.EXTERNAL;
  }
}
