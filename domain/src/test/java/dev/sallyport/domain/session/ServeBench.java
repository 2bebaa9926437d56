package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A service on the bench, with its callers' parts played by hand. */
final class ServeBench extends Bench<ServeEvent, ServeEffect> {
  static final int RUN = 10;
  static final String CALLER_OUTSIDE = "203.0.113.7:4000";

  private final Map<CallNonce, ReplyKeys> replyKeys = new HashMap<>();
  private int nonces;
  private boolean confirms;

  ServeBench() {
    this(Cast.NOON);
  }

  ServeBench(Instant now) {
    super(new ServeMachine(Cast.serveSettings(RUN), Cast.SEALER, new Random(1)), now);
  }

  /** Others confirm at once that we are where they have seen us, whenever they are asked. */
  ServeBench confirming() {
    confirms = true;
    return this;
  }

  @Override
  Step on(ServeEvent event) {
    Step step = super.on(event);
    return confirms && !step.all(ServeEffect.Confirm.class).isEmpty()
        ? step.and(super.on(new DiscoveryEvent.Confirmed()))
        : step;
  }

  /** Started, joined, own network known, record published. */
  ServeBench serving() {
    start();
    on(new DiscoveryEvent.Joined(8, Duration.ofMillis(50)));
    on(Cast.listed("192.168.1.2"));
    on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:8765"));
    on(new ServeEvent.Published(Cast.day(now()), 8, 8));
    return this;
  }

  ServeBench over() {
    serving();
    on(new ServeEvent.Cancelled());
    return this;
  }

  ServeEffect.Publish lastPublish() {
    return all().stream()
        .filter(ServeEffect.Publish.class::isInstance)
        .map(ServeEffect.Publish.class::cast)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("nothing published yet"));
  }

  ServiceRecord lastRecord() {
    ServeEffect.Publish publish = lastPublish();
    try {
      return ServiceRecord.open(publish.item(), Cast.ID, publish.keys(), Cast.SEALER, now());
    } catch (MalformedException e) {
      throw new AssertionError("no caller can read the record", e);
    }
  }

  CallNonce newNonce() {
    byte[] raw = new byte[CallNonce.LENGTH];
    raw[15] = (byte) ++nonces;
    raw[14] = (byte) (nonces >>> 8);
    return CallNonce.of(raw);
  }

  /** A knock that answers the latest record. */
  ServeEvent.KnockArrived knock(CallNonce nonce, String... candidates) {
    return knock(Cast.CALLER, nonce, candidates);
  }

  ServeEvent.KnockArrived knock(Identity caller, CallNonce nonce, String... candidates) {
    return knock(caller, nonce, lastRecord().issuedAt(), candidates);
  }

  ServeEvent.KnockArrived knock(
      Identity caller, CallNonce nonce, Instant recordIssuedAt, String... candidates) {
    return knock(
        caller,
        nonce,
        recordIssuedAt,
        NatProfile.unknown(),
        new Strategy.SimultaneousOpen(),
        candidates);
  }

  ServeEvent.KnockArrived knock(
      Identity caller,
      CallNonce nonce,
      Instant recordIssuedAt,
      NatProfile profile,
      Strategy strategy,
      String... candidates) {
    Knock knock =
        new Knock(
            caller.key(),
            Arrays.stream(candidates).map(Cast::candidate).toList(),
            profile,
            strategy,
            recordIssuedAt,
            nonce,
            now(),
            now().plus(Duration.ofMinutes(2)));
    Knock.Sealed sealed =
        Knock.seal(
            knock,
            caller,
            Cast.ID,
            Cast.SEALER.agreementKey(Cast.secret(RUN)),
            Cast.secret(99),
            Cast.SEALER);
    replyKeys.put(nonce, sealed.keys());
    return new ServeEvent.KnockArrived(sealed.item());
  }

  /** The replies that this call's knock got in one step. */
  List<Reply> replies(CallNonce nonce, Step step) {
    ReplyKeys keys = replyKeys.get(nonce);
    if (keys == null) {
      throw new AssertionError("no such knock");
    }
    return step.all(ServeEffect.Reply.class).stream()
        .filter(effect -> effect.mailbox().equals(keys.mailbox()))
        .map(effect -> opened(effect, keys))
        .filter(reply -> reply.nonce().equals(nonce))
        .toList();
  }

  private static Reply opened(ServeEffect.Reply effect, ReplyKeys keys) {
    try {
      return Reply.open(effect.item(), keys, Cast.SEALER);
    } catch (MalformedException e) {
      throw new AssertionError("the caller cannot read the reply", e);
    }
  }

  /** A call whose knock came and whose first dial got through: what is up now. */
  SocketId punched(CallNonce nonce) {
    on(knock(nonce, "reflexive " + CALLER_OUTSIDE, "host 192.168.1.77:4000"));
    SocketId id = dialTo(CALLER_OUTSIDE);
    on(through(id));
    return id;
  }

  ServeEvent.HelloArrived hello(SocketId id, CallNonce nonce) {
    return new ServeEvent.HelloArrived(id, nonce, Cast.CALLER.key());
  }

  /** A call that is linked on this socket. */
  SocketId linked(CallNonce nonce) {
    SocketId id = punched(nonce);
    on(hello(id, nonce));
    on(new SocketEvent.LinkReady(id));
    return id;
  }

  ServeEvent.LinkClosed closed(SocketId id, boolean clean) {
    up().remove(id);
    return new ServeEvent.LinkClosed(id, clean);
  }

  /** A call without a knock that is linked. */
  SocketId direct(String remote) {
    SocketEvent.Accepted accepted = accepted(remote);
    on(accepted);
    on(hello(accepted.id(), newNonce()));
    on(new SocketEvent.LinkReady(accepted.id()));
    return accepted.id();
  }

  /** The rung that was told of a link. */
  Rung rung(SocketId id) {
    return all().stream()
        .filter(ServeEffect.Report.class::isInstance)
        .map(effect -> ((ServeEffect.Report) effect).progress())
        .filter(Progress.Connected.class::isInstance)
        .map(Progress.Connected.class::cast)
        .filter(connected -> connected.id().equals(id))
        .findFirst()
        .orElseThrow()
        .rung();
  }

  /** Why the service ended. */
  Failure failure() {
    return all().stream()
        .filter(ServeEffect.Finish.class::isInstance)
        .map(effect -> ((ServeEffect.Finish) effect).failure())
        .findFirst()
        .orElseThrow();
  }
}
