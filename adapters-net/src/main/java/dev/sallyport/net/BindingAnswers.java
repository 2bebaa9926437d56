package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.net.ObserverPlaces.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an observer answers, as a function of the question (RFC 8489 section 6.3.1, RFC 5780 section
 * 6.1), without I/O.
 *
 * <p>Over UDP, where a source may be forged, an answer is short: at most {@value #MAX_UDP_GROWTH}
 * bytes longer than the question. So it has no SOFTWARE and, against RFC 5780, no second
 * MAPPED-ADDRESS. Another difference: with one address only, a change of the port alone is granted,
 * while OTHER-ADDRESS stays away as the RFC wants it. Who knows us can test a little more than
 * nothing.
 *
 * <p>Over TCP no answer can come from or go elsewhere, so CHANGE-REQUEST and RESPONSE-PORT are
 * unknown attributes there.
 */
final class BindingAnswers {
  /** Three IPv6 addresses; a fingerprint answers one that came. */
  static final int MAX_UDP_GROWTH = 72;

  private static final String SOFTWARE = "Sallyport";
  private static final int UNKNOWN_ATTRIBUTE = 420;

  private final ObserverPlaces places;

  /**
   * An answer over UDP.
   *
   * @param via the place whose socket is to send it
   */
  record Datagram(Place via, byte[] bytes) {}

  BindingAnswers(ObserverPlaces places) {
    this.places = places;
  }

  /** A DIAL-BACK counts for nothing here: nobody has shown that he is where he says. */
  Datagram overUdp(StunRequest request, Place asked, Endpoint from) {
    if (!request.unknown().isEmpty()) {
      return new Datagram(asked, unknown(request, request.unknown()));
    }
    Place via = places.changed(asked, request.changeAddress(), request.changePort());
    if (via == null) {
      return new Datagram(asked, unknown(request, List.of(StunWire.CHANGE_REQUEST)));
    }
    StunMessage answer =
        StunMessage.success(request.id(), from, places.endpoint(via), places.other(asked), null);
    return new Datagram(via, answer.encode(null, request.fingerprint()));
  }

  /** Whether it is to be answered with an error, so that nothing is to be done before. */
  boolean isRefusedOverTcp(StunRequest request) {
    return !unknownOverTcp(request).isEmpty();
  }

  /**
   * @param local our end of the connection
   * @param remote its other end
   */
  byte[] overTcp(
      StunRequest request,
      Place asked,
      Endpoint local,
      Endpoint remote,
      @Nullable DialBack dialBack) {
    if (isRefusedOverTcp(request)) {
      return unknown(request, unknownOverTcp(request));
    }
    return StunMessage.success(request.id(), remote, local, places.other(asked), dialBack)
        .encode(SOFTWARE, request.fingerprint());
  }

  private static List<Integer> unknownOverTcp(StunRequest request) {
    List<Integer> unknown = new ArrayList<>(request.unknown());
    if (request.changes()) {
      unknown.add(StunWire.CHANGE_REQUEST);
    }
    if (request.responsePort() != 0) {
      unknown.add(StunWire.RESPONSE_PORT);
    }
    return unknown;
  }

  private static byte[] unknown(StunRequest request, List<Integer> attributes) {
    return StunMessage.error(request.id(), UNKNOWN_ATTRIBUTE, attributes)
        .encode(null, request.fingerprint());
  }
}
