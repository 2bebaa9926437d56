package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.time.Duration;
import java.time.Instant;

/** What a {@link CallMachine} wants done. */
public sealed interface CallEffect
    permits SocketEffect,
        CallEffect.Discover,
        CallEffect.Sample,
        CallEffect.Lookup,
        CallEffect.Knock,
        CallEffect.WatchReplies,
        CallEffect.Secure,
        CallEffect.Greet,
        CallEffect.Report,
        CallEffect.Finish {

  /** Join the rendezvous, list addresses, ask the observers: {@link DiscoveryEvent}s follow. */
  record Discover() implements CallEffect {}

  /**
   * Ask one STUN server over TCP from a new port what it sees: one {@link DiscoveryEvent.Sampled}
   * follows within 1.5 s.
   */
  record Sample() implements CallEffect {}

  /** Look up the day's topic; ends in {@code LookupEnded} or {@code LookupFailed}. */
  record Lookup(DayKeys keys) implements CallEffect {}

  /** Leave the knock; ends in {@code KnockDelivered} or {@code KnockFailed}. */
  record Knock(CallNonce nonce, Slot mailbox, SealedItem item, Instant expires)
      implements CallEffect {}

  /** Watch for replies to this knock until the call ends; replaces an earlier watch. */
  record WatchReplies(CallNonce nonce, Slot mailbox, Rendezvous.Pace pace) implements CallEffect {}

  /**
   * Secure the connection as the caller; ends in {@code Secured} or {@link SocketEvent.LinkFailed}.
   */
  record Secure(SocketId id, PublicKey32 linkKey, Duration timeout) implements CallEffect {}

  /**
   * Say HELLO on a connection that is secured; ends in {@link SocketEvent.LinkReady} or {@link
   * SocketEvent.LinkFailed}. At any time there is one such connection at most: what was greeted
   * before is closed before the next one is greeted, so that the service may believe the last
   * HELLO.
   */
  record Greet(SocketId id, CallNonce nonce, DayKeys keys, Duration timeout)
      implements CallEffect {}

  /** Tell the user. */
  record Report(Progress progress) implements CallEffect {}

  /** The last effect: nothing but closing what may still come up follows. */
  record Finish(CallOutcome outcome) implements CallEffect {}
}
