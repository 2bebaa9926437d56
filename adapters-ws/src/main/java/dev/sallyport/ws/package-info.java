/**
 * WebSocket links (RFC 6455) over an established {@link
 * dev.sallyport.domain.session.SecureChannel}, in both roles, on Java-WebSocket.
 *
 * <h2>On the wire</h2>
 *
 * <p>The caller is the WebSocket client and asks:
 *
 * <pre>
 * GET /sallyport HTTP/1.1
 * Connection: Upgrade
 * Host: sallyport
 * Sallyport-Hello: HELLO, base64url without padding, at most 512 bytes decoded
 * Sec-WebSocket-Key: 16 random bytes, base64
 * Sec-WebSocket-Protocol: sallyport.v1
 * Sec-WebSocket-Version: 13
 * Upgrade: websocket
 * </pre>
 *
 * <p>The service says yes:
 *
 * <pre>
 * HTTP/1.1 101 Switching Protocols
 * Connection: Upgrade
 * Sallyport-Welcome: WELCOME, as HELLO
 * Sec-WebSocket-Accept: RFC 6455 section 4.2.2
 * Sec-WebSocket-Protocol: sallyport.v1
 * Upgrade: websocket
 * </pre>
 *
 * <p>or no, and closes. The channel is authenticated, so the number can be believed:
 *
 * <pre>
 * HTTP/1.1 403 Forbidden
 * Connection: close
 * Content-Length: 0
 * Sallyport-Refusal: a {@link dev.sallyport.domain.session.RefusalCode}, decimal
 * </pre>
 *
 * <p>A request that is not of this shape is not answered: the channel is closed. A field that
 * stands twice, a line folded, a byte outside ASCII or a head of more than 4096 bytes are not of
 * this shape; fields not named here are ignored. {@code Host} is sent and not checked.
 *
 * <p>From then on RFC 6455 frames, without extensions. Every message goes out as one frame. A
 * receiver takes at most {@link dev.sallyport.domain.session.Link#MAX_MESSAGE_BYTES} a message in
 * at most 4096 fragments, refuses more with 1009, and any other breach with 1002 (1007 for text
 * that is not UTF-8). After 10 s in which it read nothing or wrote nothing an end pings, so each
 * hears from the other at least so often; after 25 s of waiting for a byte it takes the link for
 * dead.
 */
@NullMarked
package dev.sallyport.ws;

import org.jspecify.annotations.NullMarked;
