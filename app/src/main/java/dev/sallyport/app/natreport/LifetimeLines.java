package dev.sallyport.app.natreport;

import dev.sallyport.app.runner.LifetimeRunner;
import dev.sallyport.domain.nat.MappingLifetime;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long our NATs keep what lies quiet, for a person, and what that means. Pure. */
public final class LifetimeLines {
  /** A waiting service asks so often how it looks, and a link pings more often. */
  private static final Duration SPEAKS = Duration.ofSeconds(20);

  private LifetimeLines() {}

  /** One line for each transport, and what to make of them. */
  public static List<Line> of(LifetimeRunner.Result found) {
    List<Line> lines = new ArrayList<>();
    lines.add(
        new Line(
            "lifetime",
            "TCP: "
                + one(
                    found.over(Transport.TCP),
                    "a connection",
                    "nobody who answered keeps a quiet connection for so long")));
    lines.add(
        Line.more(
            "UDP: "
                + one(
                    found.over(Transport.UDP),
                    "a port",
                    "nobody who answered can answer to another port (RFC 5780); a `sallyport"
                        + " observe` can")));
    if (found.tcp() != null || found.udp() != null) {
      lines.add(Line.more(meaning(found)));
    }
    return lines;
  }

  private static String one(@Nullable MappingLifetime lifetime, String what, String whyNot) {
    if (lifetime == null) {
      return "not known: " + whyNot;
    }
    Duration lost = lifetime.lost();
    if (lost == null) {
      return what + " that lies quiet for " + seconds(lifetime.kept()) + " is still there";
    }
    return lifetime.kept().isZero()
        ? what + " that lies quiet for " + seconds(lost) + " is gone"
        : "%s that lies quiet for %s is still there, after %s it is gone"
            .formatted(what, seconds(lifetime.kept()), seconds(lost));
  }

  private static String meaning(LifetimeRunner.Result found) {
    if (isShort(found.tcp())) {
      return "a service that waits speaks every "
          + seconds(SPEAKS)
          + ": too seldom for this NAT, so its outer port may change meanwhile";
    }
    return "Sallyport speaks every "
        + seconds(SPEAKS)
        + " or more often over TCP: its ports and connections stay"
        + others(shorter(found));
  }

  private static String others(@Nullable MappingLifetime lifetime) {
    Duration lost = lifetime == null ? null : lifetime.lost();
    if (lifetime == null || lost == null) {
      return "";
    }
    return "; other programs should speak "
        + (lifetime.kept().isZero()
            ? "more often than every " + seconds(lost)
            : "every " + seconds(lifetime.kept()) + " or more often");
  }

  private static boolean isShort(@Nullable MappingLifetime lifetime) {
    return lifetime != null && lifetime.lost() != null && lifetime.kept().compareTo(SPEAKS) < 0;
  }

  /** The one that ends first; any if none ends. */
  private static @Nullable MappingLifetime shorter(LifetimeRunner.Result found) {
    Duration tcp = found.tcp() == null ? null : found.tcp().lost();
    Duration udp = found.udp() == null ? null : found.udp().lost();
    return tcp == null || (udp != null && udp.compareTo(tcp) < 0) ? found.udp() : found.tcp();
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + " s";
  }
}
