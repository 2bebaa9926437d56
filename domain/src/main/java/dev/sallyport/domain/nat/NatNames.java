package dev.sallyport.domain.nat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The RFC 3489 name of what stands in the way, over one transport. A pure function. Guesses do not
 * count: only what is at least 50 % sure has a part in a name.
 */
public final class NatNames {
  /** What has to be known before there can be a name. */
  public enum Missing {
    /** Whether anybody outside answers: nobody was asked. */
    OBSERVERS,
    /** Whether there is a NAT: the host's addresses, or more observers. */
    TRANSLATION,
    /** What the mapping depends on: observers at two addresses. */
    MAPPING,
    /** Who gets in: somebody who tries from another port and another address. */
    FILTERING
  }

  /**
   * A name, or why there is none.
   *
   * @param name null if it cannot be told
   * @param missing what would have to be known to tell; empty exactly when there is a name
   */
  public record Answer(@Nullable NatName name, List<Missing> missing) {
    public Answer {
      missing = List.copyOf(missing);
      if ((name == null) == missing.isEmpty()) {
        throw new IllegalArgumentException("a name of " + name + " with " + missing + " missing");
      }
    }
  }

  private NatNames() {}

  /**
   * Names it.
   *
   * @param asked whether observers were asked over this transport, so that hearing nothing says
   *     something
   */
  public static Answer of(NatDiagnosis diagnosis, Transport transport, boolean asked) {
    if (diagnosis.witnesses(transport) == 0) {
      return asked ? named(NatName.BLOCKED) : cannotTell(EnumSet.of(Missing.OBSERVERS));
    }
    NatProfile profile = diagnosis.profile();
    boolean tcp = transport == Transport.TCP;
    Boolean translated = sure(diagnosis.translated());
    Behavior mapping = sure(tcp ? profile.tcpMapping() : profile.udpMapping());
    Behavior filtering = sure(tcp ? profile.tcpFiltering() : profile.udpFiltering());
    if (translated != null && !translated) {
      return filtering == null
          ? cannotTell(EnumSet.of(Missing.FILTERING))
          : named(
              filtering == Behavior.ENDPOINT_INDEPENDENT
                  ? NatName.OPEN_INTERNET
                  : NatName.SYMMETRIC_FIREWALL);
    }
    if (mapping != null && mapping != Behavior.ENDPOINT_INDEPENDENT) {
      return named(NatName.SYMMETRIC);
    }
    Set<Missing> missing = EnumSet.noneOf(Missing.class);
    if (translated == null) {
      missing.add(Missing.TRANSLATION);
    }
    if (mapping == null) {
      missing.add(Missing.MAPPING);
    }
    if (filtering == null) {
      missing.add(Missing.FILTERING);
    }
    return filtering == null || !missing.isEmpty() ? cannotTell(missing) : named(cone(filtering));
  }

  private static NatName cone(Behavior filtering) {
    return switch (filtering) {
      case ENDPOINT_INDEPENDENT -> NatName.FULL_CONE;
      case ADDRESS_DEPENDENT -> NatName.RESTRICTED_CONE;
      case ADDRESS_AND_PORT_DEPENDENT -> NatName.PORT_RESTRICTED_CONE;
    };
  }

  private static <T> @Nullable T sure(Finding<T> finding) {
    return finding.confidence() < Confidence.SURE ? null : finding.value();
  }

  private static Answer named(NatName name) {
    return new Answer(name, List.of());
  }

  private static Answer cannotTell(Set<Missing> missing) {
    return new Answer(null, List.copyOf(missing));
  }
}
