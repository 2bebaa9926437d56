package dev.sallyport.ws;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.RefusalCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The words of the upgrade, as the package comment has them: what is said and what is taken. */
final class UpgradeWire {
  static final String PATH = "/sallyport";
  static final String HOST = "sallyport";
  static final String PROTOCOL = "sallyport.v1";
  static final String HELLO = "Sallyport-Hello";
  static final String WELCOME = "Sallyport-Welcome";
  static final String REFUSAL = "Sallyport-Refusal";

  /** What a request and a response begin with. */
  static final String REQUEST_START = "GET ";

  static final String RESPONSE_START = "HTTP/1.1 ";

  /** The largest HELLO or WELCOME, decoded. */
  static final int MAX_OPAQUE_BYTES = 512;

  /** Sixteen bytes in base64 (RFC 6455 section 4.1). */
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{22}==");

  /** 1 to 255. */
  private static final Pattern CODE = Pattern.compile("[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]");

  private UpgradeWire() {}

  /**
   * The HELLO in a request.
   *
   * @throws LinkException {@code PROTOCOL} unless it is the request for a link
   */
  static byte[] hello(HttpHead request) throws LinkException {
    require(
        request.startLine().equals(REQUEST_START + PATH + " HTTP/1.1"),
        "a request for something else than " + PATH);
    require(
        list(request, "Upgrade").anyMatch("websocket"::equalsIgnoreCase)
            && list(request, "Connection").anyMatch("upgrade"::equalsIgnoreCase),
        "a request that is no WebSocket upgrade");
    require(
        value(request, "Sec-WebSocket-Version").equals("13"),
        "a request for another WebSocket version than 13");
    require(
        KEY.matcher(value(request, "Sec-WebSocket-Key")).matches(),
        "a request without a valid Sec-WebSocket-Key");
    require(
        list(request, "Sec-WebSocket-Protocol").anyMatch(PROTOCOL::equals),
        "a request for another protocol than " + PROTOCOL);
    return opaque(request, HELLO);
  }

  /**
   * The WELCOME in a response.
   *
   * @throws LinkException {@code REFUSED} with the code for a refusal, {@code PROTOCOL} for
   *     anything else but a welcome
   */
  static byte[] welcome(HttpHead response) throws LinkException {
    String status = response.startLine();
    if (status.startsWith(RESPONSE_START + "403 ")) {
      String code = value(response, REFUSAL);
      require(CODE.matcher(code).matches(), "a 403 without a refusal code");
      throw LinkException.refused(RefusalCode.of(Integer.parseInt(code)));
    }
    require(status.startsWith(RESPONSE_START + "101 "), "an HTTP response that is no 101");
    require(
        value(response, "Sec-WebSocket-Protocol").equals(PROTOCOL),
        "a response in another protocol than " + PROTOCOL);
    require(
        response.field("Sec-WebSocket-Extensions") == null, "an extension nobody had asked for");
    return opaque(response, WELCOME);
  }

  /** A no, as it goes over the wire. */
  static byte[] refusal(RefusalCode code) {
    String head =
        RESPONSE_START
            + "403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n"
            + (REFUSAL + ": " + code.code() + "\r\n\r\n");
    return head.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * HELLO or WELCOME as a header's value.
   *
   * @throws IllegalArgumentException for more than {@link #MAX_OPAQUE_BYTES}
   */
  static String encode(byte[] opaque) {
    if (opaque.length > MAX_OPAQUE_BYTES) {
      throw new IllegalArgumentException(
          "HELLO and WELCOME have at most 512 bytes, not " + opaque.length);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(opaque);
  }

  private static byte[] opaque(HttpHead head, String name) throws LinkException {
    String value = head.field(name);
    byte[] decoded = value == null ? null : decode(value);
    if (decoded == null) {
      throw HttpHead.protocol(
          "no " + name + " in base64url of at most " + MAX_OPAQUE_BYTES + " bytes");
    }
    return decoded;
  }

  /** Null unless the value is exactly what {@link #encode} makes. */
  private static byte @Nullable [] decode(String value) {
    try {
      byte[] decoded = Base64.getUrlDecoder().decode(value);
      return encode(decoded).equals(value) ? decoded : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static String value(HttpHead head, String name) {
    String value = head.field(name);
    return value == null ? "" : value;
  }

  private static Stream<String> list(HttpHead head, String name) {
    return Arrays.stream(value(head, name).split(",", -1)).map(String::strip);
  }

  private static void require(boolean holds, String otherwise) throws LinkException {
    if (!holds) {
      throw HttpHead.protocol(otherwise);
    }
  }
}
