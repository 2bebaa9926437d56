package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The calls a service is busy with, by nonce; bounded by its owner. */
final class Calls {
  private final Map<CallNonce, Call> byNonce = new LinkedHashMap<>();

  void add(Call call) {
    byNonce.put(call.nonce(), call);
  }

  @Nullable Call get(CallNonce nonce) {
    return byNonce.get(nonce);
  }

  void remove(Call call) {
    byNonce.remove(call.nonce());
  }

  List<Call> all() {
    return List.copyOf(byNonce.values());
  }

  int size() {
    return byNonce.size();
  }

  long of(PublicKey32 caller) {
    return byNonce.values().stream().filter(call -> call.callerKey().equals(caller)).count();
  }

  /** Whether a call that punches does so towards this endpoint. */
  boolean expect(Endpoint remote) {
    return byNonce.values().stream()
        .anyMatch(call -> call.isPunching() && call.climb().plan().dials(remote));
  }

  long punching() {
    return byNonce.values().stream().filter(Call::isPunching).count();
  }

  /** The call whose punching made this socket, or null. */
  @Nullable Call ofDialed(SocketId id) {
    return first(call -> call.climb().rungOf(id) != null);
  }

  /** The call whose HELLO on this socket was answered with WELCOME, or null. */
  @Nullable Call ofWelcomed(SocketId id) {
    return first(call -> call.isWelcomed(id));
  }

  /**
   * The calls of this caller, other than {@code latest} and without a link, that punch towards an
   * endpoint that {@code latest} uses. Nobody shares a punch port with another process, so the
   * caller has given them up.
   */
  List<Call> givenUpFor(Call latest, PublicKey32 caller, Predicate<Call> sharesEndpoint) {
    return byNonce.values().stream()
        .filter(call -> call != latest && call.isPunching() && call.callerKey().equals(caller))
        .filter(sharesEndpoint)
        .toList();
  }

  /** The earliest thing any call waits for, or null. */
  @Nullable Instant deadline() {
    Instant next = null;
    for (Call call : byNonce.values()) {
      next = Deadlines.earlier(next, call.deadline());
    }
    return next;
  }

  private @Nullable Call first(Predicate<Call> condition) {
    return byNonce.values().stream().filter(condition).findFirst().orElse(null);
  }
}
