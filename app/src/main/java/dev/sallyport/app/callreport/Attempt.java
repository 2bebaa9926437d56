package dev.sallyport.app.callreport;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One socket from its SYN to its end, as far as it got; filled in as things happen. */
final class Attempt {
  final Endpoint remote;
  final Instant at;

  /** Whether the peer dialled us. */
  final boolean accepted;

  /** 0 as long as the system has not chosen it. */
  int localPort;

  @Nullable Instant failedAt;
  @Nullable DialFailure failure;
  @Nullable Instant upAt;
  @Nullable Instant securingAt;
  @Nullable Instant securedAt;
  @Nullable Instant helloAt;
  @Nullable Instant linkAt;
  @Nullable Instant brokenAt;
  @Nullable Instant closedAt;
  String whyBroken = "";

  Attempt(Endpoint remote, int localPort, boolean accepted, Instant at) {
    this.remote = remote;
    this.localPort = localPort;
    this.accepted = accepted;
    this.at = at;
  }

  boolean wasUp() {
    return upAt != null;
  }

  /** Whether a packet left at all. */
  boolean left() {
    return switch (failure) {
      case TUPLE_IN_USE, NO_ROUTE, NO_RESOURCES -> false;
      case null, default -> true;
    };
  }

  /** When the last thing we know of it happened. */
  Instant latest() {
    Instant latest = at;
    for (Instant moment :
        new @Nullable Instant[] {
          failedAt, upAt, securingAt, securedAt, helloAt, linkAt, brokenAt, closedAt
        }) {
      if (moment != null && moment.isAfter(latest)) {
        latest = moment;
      }
    }
    return latest;
  }
}
