package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How it went with one source of evidence. Immutable.
 *
 * @param name as the user gave it
 * @param kind what kind of observers it stands for
 * @param endpoint where it was asked; null if its name led nowhere, or it is many
 * @param tcp how it went over TCP; null if it was not asked so
 * @param udp how it went over UDP; null if it was not asked so
 * @param abilities what it turned out to be able to do
 * @param answered how many observers answered, of {@code asked}
 * @param asked how many were asked: of a STUN server one, of the DHT some nodes
 */
public record SourceReport(
    String name,
    Observation.Source kind,
    @Nullable Endpoint endpoint,
    @Nullable Contact tcp,
    @Nullable Contact udp,
    Set<NatInquiry.Ability> abilities,
    int answered,
    int asked) {

  public SourceReport {
    abilities =
        abilities.isEmpty()
            ? Set.of()
            : Collections.unmodifiableSet(EnumSet.copyOf(abilities)); // keeps its order
    if (answered < 0 || asked < answered) {
      throw new IllegalArgumentException(answered + " answers of " + asked);
    }
  }

  /** Whether it said anything. */
  public boolean hasAnswered() {
    return answered > 0;
  }

  /** A source that could not be asked at all, and why. */
  public static SourceReport notAsked(String name, Observation.Source kind, String problem) {
    Contact none = Contact.failed(problem);
    @Nullable Contact tcp = kind == Observation.Source.STUN ? none : null; // the DHT has none
    return new SourceReport(name, kind, null, tcp, none, Set.of(), 0, 1);
  }

  /**
   * How it went over one transport.
   *
   * @param roundTrip of the first answer, connection set-up included; null exactly when there was
   *     none
   * @param problem why there was no answer, in one sentence; null exactly when there was one
   */
  public record Contact(@Nullable Duration roundTrip, @Nullable String problem) {
    public Contact {
      if ((roundTrip == null) == (problem == null)) {
        throw new IllegalArgumentException("an answer or a problem, not both and not neither");
      }
    }

    public static Contact answered(Duration roundTrip) {
      return new Contact(roundTrip, null);
    }

    public static Contact failed(String problem) {
      return new Contact(null, problem);
    }

    /** Whether there was an answer. */
    public boolean hasAnswered() {
      return problem == null;
    }
  }
}
