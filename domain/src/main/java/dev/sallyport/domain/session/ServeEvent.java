package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.LocalDate;

/** What a {@link ServeMachine} is told. */
public sealed interface ServeEvent
    permits DiscoveryEvent,
        SocketEvent,
        ServeEvent.Published,
        ServeEvent.PublishFailed,
        ServeEvent.KnockArrived,
        ServeEvent.HelloArrived,
        ServeEvent.LinkClosed,
        ServeEvent.AllowListChanged,
        ServeEvent.Cancelled {

  /** Enough holders took the record. */
  record Published(LocalDate day, int accepted, int asked) implements ServeEvent {}

  /** The record with this sequence number could not be left. */
  record PublishFailed(
      LocalDate day, long sequence, RendezvousException.Reason reason, String message)
      implements ServeEvent {}

  /** Something lies in the mailbox; not verified yet. */
  record KnockArrived(SealedItem item) implements ServeEvent {}

  /** A caller proved that it knows the id and holds its key; it waits for our answer. */
  record HelloArrived(SocketId id, CallNonce nonce, PublicKey32 callerKey) implements ServeEvent {}

  /**
   * A link that was up is down.
   *
   * @param clean whether the caller said goodbye, so that it had got our WELCOME
   */
  record LinkClosed(SocketId id, boolean clean) implements ServeEvent {}

  /** From now on these callers may come in; links of others end. */
  record AllowListChanged(AllowList allowed) implements ServeEvent {}

  /** The user ends the service. */
  record Cancelled() implements ServeEvent {}
}
