package dev.sallyport.domain.session;

import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link ServeMachine} wants done. */
public sealed interface ServeEffect
    permits SocketEffect,
        ServeEffect.Discover,
        ServeEffect.Sample,
        ServeEffect.Confirm,
        ServeEffect.Publish,
        ServeEffect.Watch,
        ServeEffect.Unwatch,
        ServeEffect.SetPace,
        ServeEffect.Reply,
        ServeEffect.Secure,
        ServeEffect.Welcome,
        ServeEffect.Refuse,
        ServeEffect.Report,
        ServeEffect.Finish {

  /** Join the rendezvous, list addresses, ask the observers: {@link DiscoveryEvent}s follow. */
  record Discover() implements ServeEffect {}

  /**
   * Ask one STUN server over TCP from a new port what it sees: one {@link DiscoveryEvent.Sampled}
   * follows within 1.5 s.
   */
  record Sample() implements ServeEffect {}

  /**
   * Ask whether what was seen of our port still holds: {@link DiscoveryEvent.Observed} follows if
   * it does not, and one {@link DiscoveryEvent.Confirmed} in any case, within 1.5 s.
   */
  record Confirm() implements ServeEffect {}

  /** Leave the record; ends in {@code Published} or {@code PublishFailed}. */
  record Publish(DayKeys keys, SealedItem item, long sequence) implements ServeEffect {}

  /** Watch the day's mailbox. */
  record Watch(DayKeys keys, Rendezvous.Pace pace) implements ServeEffect {}

  /** Stop watching the day's mailbox. */
  record Unwatch(LocalDate day) implements ServeEffect {}

  /** Look into all watched mailboxes at this pace from now on. */
  record SetPace(Rendezvous.Pace pace) implements ServeEffect {}

  /** Leave a reply; nothing follows, a lost reply costs the caller only patience. */
  record Reply(Slot mailbox, SealedItem item, Instant expires) implements ServeEffect {}

  /**
   * Secure the connection as the service, for callers who know one of these days' keys; {@link
   * ServeEvent.HelloArrived} may come, and it ends in {@link SocketEvent.LinkReady} or {@link
   * SocketEvent.LinkFailed}.
   */
  record Secure(SocketId id, List<DayKeys> keys, Duration timeout) implements ServeEffect {
    public Secure {
      keys = List.copyOf(keys);
    }
  }

  /** Answer the HELLO on this connection with WELCOME. */
  record Welcome(SocketId id) implements ServeEffect {}

  /** Answer the HELLO on this connection with a refusal. */
  record Refuse(SocketId id, RefusalCode code) implements ServeEffect {}

  /** Tell the user. */
  record Report(Progress progress) implements ServeEffect {}

  /** The last effect; {@code failure} is null if the user ended the service. */
  record Finish(@Nullable Failure failure) implements ServeEffect {}
}
