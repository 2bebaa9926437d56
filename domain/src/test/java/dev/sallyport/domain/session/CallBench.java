package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.fail;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A caller on the bench, with the service's part played by hand. */
final class CallBench extends Bench<CallEvent, CallEffect> {
  static final Duration TIMEOUT = Duration.ofSeconds(30);
  static final String SERVICE_OUTSIDE = "198.51.100.9:8765";

  /** How long after the start the record of the first run arrives. */
  static final Duration FOUND_AFTER = Duration.ofMillis(100);

  CallBench() {
    this(TIMEOUT);
  }

  CallBench(Duration timeout) {
    this(timeout, Cast.NOON);
  }

  CallBench(BurstGuard guard) {
    super(
        new CallMachine(Cast.callSettings(TIMEOUT, guard), Cast.SEALER, new Random(1), Cast.NOON),
        Cast.NOON);
  }

  CallBench(LadderPolicy ladder) {
    super(
        new CallMachine(Cast.callSettings(TIMEOUT, ladder), Cast.SEALER, new Random(1), Cast.NOON),
        Cast.NOON);
  }

  CallBench(Duration timeout, Instant now) {
    super(new CallMachine(Cast.callSettings(timeout), Cast.SEALER, new Random(1), now), now);
  }

  /** Started, rendezvous joined, own network known. */
  CallBench looking() {
    start();
    on(new DiscoveryEvent.Joined(8, Duration.ofMillis(50)));
    on(Cast.listed("192.168.1.2"));
    on(Cast.seen(4000, "203.0.113.7:4000"));
    on(Cast.seen(4001, "203.0.113.7:4001"));
    return this;
  }

  /** Looking, and the record is here, but STUN has not answered yet. */
  CallBench preparing() {
    start();
    on(new DiscoveryEvent.Joined(8, Duration.ofMillis(50)));
    on(Cast.listed("192.168.1.2"));
    pass(FOUND_AFTER);
    found(record(10));
    return this;
  }

  /** The knock is out and the first dials are under way. */
  CallBench calling() {
    looking();
    pass(FOUND_AFTER);
    found(record(10));
    return this;
  }

  /** The service was busy. */
  CallBench queued() {
    calling();
    on(reply(Reply.Outcome.BUSY, Duration.ofSeconds(3)));
    return this;
  }

  CallBench over() {
    calling();
    on(new CallEvent.Cancelled());
    return this;
  }

  /** The record of a run of the service, issued now. */
  ServiceRecord record(int run) {
    return Cast.record(run, now(), "reflexive " + SERVICE_OUTSIDE);
  }

  CallEvent.RecordArrived arrives(ServiceRecord record) {
    return new CallEvent.RecordArrived(Cast.day(now()), Cast.seal(record, Cast.day(now())));
  }

  /** The record arrives and the lookup is over. */
  Step found(ServiceRecord record) {
    on(arrives(record));
    return on(new CallEvent.LookupEnded(Cast.day(now())));
  }

  CallEffect.Knock lastKnock() {
    return all().stream()
        .filter(CallEffect.Knock.class::isInstance)
        .map(CallEffect.Knock.class::cast)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("no knock yet"));
  }

  CallNonce nonce() {
    return lastKnock().nonce();
  }

  /** The last knock as the run of the service that it is for reads it. */
  Knock.Opened opened(int run) {
    try {
      return Knock.open(lastKnock().item(), Cast.ID, Cast.secret(run), Cast.SEALER, now());
    } catch (MalformedException e) {
      throw new AssertionError("the service cannot read the knock", e);
    }
  }

  CallEvent.ReplyArrived reply(Reply.Outcome outcome, Duration retryAfter, String... candidates) {
    return reply(outcome, retryAfter, now(), candidates);
  }

  CallEvent.ReplyArrived reply(
      Reply.Outcome outcome, Duration retryAfter, Instant issuedAt, String... candidates) {
    return reply(
        outcome,
        new Strategy.SimultaneousOpen(),
        NatProfile.unknown(),
        retryAfter,
        issuedAt,
        candidates);
  }

  CallEvent.ReplyArrived reply(
      Reply.Outcome outcome,
      Strategy strategy,
      NatProfile profile,
      Duration retryAfter,
      Instant issuedAt,
      String... candidates) {
    List<Candidate> parsed = Arrays.stream(candidates).map(Cast::candidate).toList();
    Reply reply = new Reply(nonce(), outcome, strategy, parsed, profile, retryAfter, issuedAt);
    return new CallEvent.ReplyArrived(
        nonce(), reply.seal(opened(10).keys(), new byte[12], Cast.SEALER));
  }

  /** Somebody connects from there. */
  SocketId up(String remote) {
    SocketEvent.Accepted accepted = accepted(remote);
    on(accepted);
    return accepted.id();
  }

  /** Why the call ended in this step. */
  static Failure failure(Bench<CallEvent, CallEffect>.Step step) {
    return step.one(CallEffect.Finish.class).outcome() instanceof CallOutcome.Failed failed
        ? failed.failure()
        : fail("the call has not failed");
  }
}
