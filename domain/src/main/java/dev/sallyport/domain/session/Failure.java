package dev.sallyport.domain.session;

import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.RungReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call or a service ended against its will.
 *
 * @param detail one sentence of what is particular to this case; may be empty
 * @param lastSeen when the peer's record was made, if one was found
 * @param answered whether the peer answered our knock, so that it is known to be alive
 * @param sameNetwork whether both sides come from one public address: they are in one network, or
 *     below one carrier's NAT
 * @param tactic what was tried from outside, by what is known of both NATs
 * @param service what the peer knows of its NAT
 * @param rungs what each rung tried
 */
public record Failure(
    Kind kind,
    String detail,
    @Nullable Instant lastSeen,
    boolean answered,
    boolean sameNetwork,
    Tactic tactic,
    NatProfile service,
    List<RungReport> rungs) {

  /** The kinds of failure; each has its own exit code in the application. */
  public enum Kind {
    /** Nobody at the rendezvous answers. */
    RENDEZVOUS_UNREACHABLE,
    /** The rendezvous works, but holds no valid record of the id. */
    NOT_FOUND,
    /** The peer's record was found, but no rung got through. */
    NO_RUNG,
    /** The peer answered and said no. */
    REFUSED,
    /** What answers at the peer's endpoints is not the peer. */
    WRONG_PEER,
    /** This computer cannot: no network, port taken. */
    LOCAL_PROBLEM
  }

  public Failure {
    rungs = List.copyOf(rungs);
  }

  /** A failure before any peer was found. */
  public static Failure of(Kind kind, String detail) {
    return new Failure(
        kind, detail, null, false, false, Tactic.PLAIN, NatProfile.unknown(), List.of());
  }
}
