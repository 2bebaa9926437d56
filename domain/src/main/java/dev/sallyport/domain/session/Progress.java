package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens, in order, for whoever tells the user. */
public sealed interface Progress {
  /** The rendezvous is reached. */
  record Joined(int peers, Duration took) implements Progress {}

  /** What the network looks like from here; again when it changes. */
  record Network(List<Endpoint> local, List<Endpoint> external, NatProfile profile)
      implements Progress {
    public Network {
      local = List.copyOf(local);
      external = List.copyOf(external);
    }
  }

  /** The record is out: others can call. */
  record Registered(ServiceId id, int accepted, int asked) implements Progress {}

  /** The peer's record is here. */
  record Found(Instant issuedAt, List<Candidate> candidates, boolean sameNetwork)
      implements Progress {
    public Found {
      candidates = List.copyOf(candidates);
    }
  }

  /** Our knock lies in the peer's mailbox. */
  record Knocked(int accepted, int asked) implements Progress {}

  /** A caller knocked. */
  record KnockReceived(PublicKey32 callerKey, List<Candidate> candidates) implements Progress {
    public KnockReceived {
      candidates = List.copyOf(candidates);
    }
  }

  /** A caller knocked who is not on the allow list. */
  record KnockRefused(PublicKey32 callerKey) implements Progress {}

  /**
   * What is tried between the two NATs, where it is not the plain thing.
   *
   * @param callerKey whose call, at a service; null at the caller
   */
  record Tried(Tactic tactic, @Nullable PublicKey32 callerKey) implements Progress {}

  /** Nothing to do but wait. */
  record Waiting(For what, Duration elapsed, @Nullable Duration remaining) implements Progress {
    /** What for. */
    public enum For {
      /** The rendezvous to answer. */
      RENDEZVOUS,
      /** The service to register. */
      RECORD,
      /** The peer to open its side. */
      PEER,
      /** The peer to have time for us. */
      TURN
    }
  }

  /** A rung starts. */
  record RungStarted(Rung rung, List<Endpoint> remotes) implements Progress {
    public RungStarted {
      remotes = List.copyOf(remotes);
    }
  }

  /** A socket is up and is being authenticated. */
  record Reached(Rung rung, Endpoint local, Endpoint remote, int attempts) implements Progress {}

  /** The link is up. */
  record Connected(
      SocketId id,
      Rung rung,
      Endpoint local,
      Endpoint remote,
      int attempts,
      Duration elapsed,
      @Nullable PublicKey32 callerKey)
      implements Progress {}

  /**
   * How a call that is linked got there; right after {@link Connected}, at the caller alone.
   *
   * @param service what the service knows of its NAT
   */
  record Climbed(Tactic tactic, NatProfile service, List<RungReport> rungs) implements Progress {
    public Climbed {
      rungs = List.copyOf(rungs);
    }
  }

  /** Something went wrong that the machine gets over by itself. */
  record Trouble(String sentence) implements Progress {}
}
