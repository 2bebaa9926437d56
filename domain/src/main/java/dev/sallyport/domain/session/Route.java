package dev.sallyport.domain.session;

import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.ladder.LadderPlanner;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Instant;
import java.util.List;

/** A caller's way to the service: where it is by its own last word, and the climb towards that. */
final class Route {
  /** Whoever moves more often than that has us dial half the Internet. */
  private static final int MOST_RUNGS = 12;

  private final CallSettings settings;
  private final Surroundings surroundings;
  private final Climb climb;
  private Side peer = new Side(List.of(), NatProfile.unknown());

  /** What of it can be dialled. */
  private Side dialled = peer;

  Route(CallSettings settings, Surroundings surroundings, Climb climb) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.climb = climb;
  }

  /** Where the service is. */
  Side peer() {
    return peer;
  }

  /** Takes its record for its word. */
  void learn(ServiceRecord record) {
    peer = new Side(record.candidates(), record.profile());
    dialled = peer;
  }

  /** Takes its reply for its word: it dials by now, and we where it says it is. */
  void answered(Reply reply, Instant now) {
    learn(reply);
    goOn(now);
    climb.dialledByPeer(now);
  }

  /** A port that tells where its NAT stands is another one's already. */
  private void learn(Reply reply) {
    peer = new Side(reply.candidates(), reply.profile());
    dialled = peer;
    if (reply.outcome() == Reply.Outcome.COUNTERED
        && reply.strategy() instanceof Strategy.Predicted ports) {
      dialled =
          new Side(
              peer.candidates().stream()
                  .filter(
                      candidate ->
                          candidate.kind() != CandidateKind.REFLEXIVE
                              || candidate.endpoint().port() != ports.base())
                  .toList(),
              peer.profile());
    }
  }

  /** What the ladder looks like by what is known of both sides now. */
  Plan plan() {
    return LadderPlanner.plan(
        Role.CALLER, surroundings.side(), settings.punchPorts(), dialled, settings.ladder());
  }

  /** Dials where the service is now, besides where it was. */
  void goOn(Instant now) {
    if (climb.plan().rungs().size() <= MOST_RUNGS) {
      climb.add(plan(), now);
    }
  }

  /** Whether both sides come from one public address. */
  boolean isSameNetwork() {
    return climb.plan().sameNetwork();
  }
}
