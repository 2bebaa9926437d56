package dev.sallyport.domain.session;

import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.LocalDate;

/** What a {@link CallMachine} is told. */
public sealed interface CallEvent
    permits DiscoveryEvent,
        SocketEvent,
        CallEvent.RecordArrived,
        CallEvent.LookupEnded,
        CallEvent.LookupFailed,
        CallEvent.KnockDelivered,
        CallEvent.KnockFailed,
        CallEvent.ReplyArrived,
        CallEvent.Secured,
        CallEvent.Cancelled {

  /** Some holder has this item under the day's topic; not verified yet. */
  record RecordArrived(LocalDate day, SealedItem item) implements CallEvent {}

  /** Everybody worth asking was asked. */
  record LookupEnded(LocalDate day) implements CallEvent {}

  /** Nobody could be asked. */
  record LookupFailed(LocalDate day, RendezvousException.Reason reason, String message)
      implements CallEvent {}

  /** Enough holders took the knock. */
  record KnockDelivered(CallNonce nonce, int accepted, int asked) implements CallEvent {}

  /** The knock could not be left. */
  record KnockFailed(CallNonce nonce, String message) implements CallEvent {}

  /** Something lies in the mailbox for replies; not verified yet. */
  record ReplyArrived(CallNonce nonce, SealedItem item) implements CallEvent {}

  /** The connection is secured, and waits for our HELLO. */
  record Secured(SocketId id) implements CallEvent {}

  /** The user gave up. */
  record Cancelled() implements CallEvent {}
}
