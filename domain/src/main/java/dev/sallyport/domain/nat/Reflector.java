package dev.sallyport.domain.nat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Port: what endpoint do others see for a local port of ours? Implemented by STUN over TCP and UDP,
 * by the DHT, later by a beacon.
 *
 * <p>Threading: {@link #observe} never blocks and may be called from any thread; observations
 * arrive on the implementation's own threads, one at a time for each call.
 */
public interface Reflector extends AutoCloseable {

  /**
   * Asks every observer this reflector knows what they see for TCP or UDP packets from {@code
   * localPort}. Asking leaves mappings in our NATs behind; for TCP an implementation may keep one
   * connection open so that the mapping stays, until {@link #close}.
   *
   * @param localPort the TCP port to ask about; a reflector that can only speak for its own UDP
   *     socket answers for that one
   * @param sink gets each observation as it comes; it must not block. A reflector that keeps a
   *     mapping alive goes on telling the sink of the latest call for that port what it sees when
   *     that changes, also after the call has completed, until {@link #close}
   * @return completes, never exceptionally, when all observers answered or ran out of time (at most
   *     5 s): the number that answered and the number asked
   */
  CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink);

  /**
   * Asks one observer over TCP from a port that has never been used: where our NAT's ports stand
   * just now, as far as one look can tell.
   *
   * @return completes, never exceptionally, within 600 ms: what was seen, or nothing if the
   *     observer does not answer or does not speak TCP
   */
  default CompletionStage<Optional<Observation>> sample() {
    return CompletableFuture.completedStage(Optional.empty());
  }

  /**
   * Asks whether what was seen last of this port still holds: a mapping can have ended unnoticed
   * since. If it has, the sink of the latest {@link #observe} for that port gets what is seen now.
   *
   * @param localPort a port that was observed before; of any other nothing is asked
   * @return completes, never exceptionally, when that is known and the sink has it, or when nobody
   *     answers: within 6 s, mostly after one round trip
   */
  default CompletionStage<Void> confirm(int localPort) {
    return CompletableFuture.completedStage(null);
  }

  @Override
  void close();

  /** How many observers were asked, and how many of them answered. */
  record Survey(int answered, int asked) {}
}
