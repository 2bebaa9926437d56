package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One knock that is out: what it said, to whom, and which replies to it were taken. */
final class Knocking {
  private static final Duration LIFETIME = Duration.ofMinutes(2);
  private static final int MAX_REPLIES = 8;

  private final CallNonce nonce;
  private final DayKeys keys;
  private final ServiceRecord record;
  private final Side said;
  private final List<Integer> certainty;
  private final Knock.Sealed sealed;
  private final Instant expires;
  private final Sealer sealer;
  private int replies;
  private Instant latestReply = Instant.MIN;
  private boolean delivered;

  /**
   * Makes a knock with a new nonce.
   *
   * @param keys of the day whose mailbox it goes to
   * @param own what we know of ourselves
   * @param certainty how well we know each external endpoint that {@code own} has or lacks
   * @param strategy what to propose
   * @param sample where our ports stand, if that is part of it
   */
  Knocking(
      Identity caller,
      ServiceId id,
      ServiceRecord record,
      DayKeys keys,
      Side own,
      List<Integer> certainty,
      Strategy strategy,
      @Nullable Endpoint sample,
      Sealer sealer,
      RandomGenerator random,
      Instant now) {
    this.record = record;
    this.keys = keys;
    this.said = own;
    this.certainty = List.copyOf(certainty);
    this.sealer = sealer;
    this.nonce = CallNonce.of(RandomBytes.of(random, CallNonce.LENGTH));
    this.expires = now.plus(LIFETIME);
    this.sealed =
        Knock.seal(
            new Knock(
                caller.key(),
                CallTactics.withSample(own, sample).candidates(),
                own.profile(),
                strategy,
                record.issuedAt(),
                nonce,
                now,
                expires),
            caller,
            id,
            record.knockKey(),
            Secret32.of(RandomBytes.of(random, Secret32.LENGTH)),
            sealer);
  }

  CallNonce nonce() {
    return nonce;
  }

  /** What it says of us. */
  Side said() {
    return said;
  }

  /** The keys of the day on which the knock was left. */
  DayKeys keys() {
    return keys;
  }

  /** The key by which the service that we knocked at shows itself on connections. */
  PublicKey32 linkKey() {
    return record.linkKey();
  }

  /** The same knock, once or once more: a service that has seen it drops it. */
  CallEffect leave() {
    return new CallEffect.Knock(nonce, keys.mailbox(), sealed.item(), expires);
  }

  CallEffect watch(Rendezvous.Pace pace) {
    return new CallEffect.WatchReplies(nonce, sealed.keys().mailbox(), pace);
  }

  /** Takes note that the knock lies in the mailbox; whether that is news. */
  boolean delivered() {
    boolean first = !delivered;
    delivered = true;
    return first;
  }

  /**
   * Whether a service with this record can read the knock. A restarted one cannot: it has new keys.
   */
  boolean isFor(ServiceRecord other) {
    return other.knockKey().equals(record.knockKey()) && other.linkKey().equals(record.linkKey());
  }

  /** Whether the knock lacked or guessed an external endpoint that we know better now. */
  boolean isOutdated(List<Integer> certaintyNow, Side own) {
    boolean better = false;
    for (int i = 0; i < certainty.size(); i++) {
      better |= certaintyNow.get(i) > certainty.get(i);
    }
    return better && !said.candidates().containsAll(own.candidates());
  }

  /**
   * Opens a reply.
   *
   * @return null if it is no reply to this knock, is older than one before, or is one too many
   */
  @Nullable Reply open(SealedItem item) {
    Reply reply;
    try {
      reply = Reply.open(item, sealed.keys(), sealer);
    } catch (MalformedException e) {
      return null; // whoever can read the mailbox's name on the wire may write rubbish to it
    }
    if (!reply.nonce().equals(nonce)
        || reply.issuedAt().isBefore(latestReply)
        || replies >= MAX_REPLIES) {
      return null;
    }
    replies++;
    latestReply = reply.issuedAt();
    return reply;
  }
}
