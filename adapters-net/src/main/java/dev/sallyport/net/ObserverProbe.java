package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks one observer over TCP from the punch port: what it sees, and what comes of its dialling back
 * to that. Any STUN server over TCP will do for the first.
 *
 * <p>Threading: stateless; calls block.
 */
public final class ObserverProbe {
  /** An observer gives a dial-back 2.5 s. */
  private static final Duration DIAL_BACK = Duration.ofSeconds(3);

  private ObserverProbe() {}

  /**
   * What one observer has to say.
   *
   * @param observer whom we asked
   * @param localPort the port we asked from
   * @param observed how it sees our end of the connection
   * @param other its other address and port; null if it has none or does not say
   * @param dialBacks what came of those we asked for, in that order; none if it does not know how
   *     to dial back
   */
  public record Sighting(
      Endpoint observer,
      int localPort,
      Endpoint observed,
      @Nullable Endpoint other,
      List<DialBack> dialBacks) {
    public Sighting {
      dialBacks = List.copyOf(dialBacks);
    }
  }

  /**
   * Asks over a connection of its own, which is closed with a reset afterwards, as all of the punch
   * port are. For {@link DialBack.Outcome#ARRIVED} somebody has to listen on the port; who comes in
   * from {@link DialBack#source} is the observer.
   *
   * @param localPort the punch port, which others may share; 0 for any
   * @param dialBacks those to ask for, one after the other
   * @param timeout for the connection, and again for each answer; a dial-back has 3 s more
   * @throws IOException if it cannot be reached or does not say what it sees, each time
   */
  public static Sighting ask(
      int localPort, Endpoint observer, List<Vantage> dialBacks, Duration timeout)
      throws IOException {
    try (StunConnection connection = new StunConnection(localPort, observer)) {
      connection.connect(timeout);
      StunConnection.Answer first = connection.ask(StunRequest.plain(), timeout);
      List<DialBack> results = new ArrayList<>();
      for (Vantage from : dialBacks) {
        DialBack result =
            connection
                .ask(StunRequest.dialBack(DialBackOrder.of(from)), timeout.plus(DIAL_BACK))
                .dialBack();
        if (result == null) {
          break;
        }
        results.add(result);
      }
      return new Sighting(observer, connection.localPort(), first.mapped(), first.other(), results);
    }
  }
}
