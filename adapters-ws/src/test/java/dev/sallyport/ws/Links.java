package dev.sallyport.ws;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.LinkUpgrade.Established;
import dev.sallyport.domain.session.LinkUpgrade.HelloJudge;
import dev.sallyport.domain.session.LinkUpgrade.Verdict;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Links for tests: both ends of one, or one end with a raw peer at the other. */
final class Links {
  static final Duration SOON = Duration.ofSeconds(10);
  static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
  static final byte[] WELCOME = "welcome".getBytes(StandardCharsets.UTF_8);
  static final HelloJudge YES = hello -> new Verdict.Welcome(WELCOME);

  /** Waits long for goodbyes, so that a busy machine does not spoil a clean end. */
  static final WebSocketUpgrade UPGRADE = upgrade(10_000, 25_000, 10_000);

  private Links() {}

  static WebSocketUpgrade upgrade(long pingMillis, long deadMillis, long goodbyeMillis) {
    return new WebSocketUpgrade(
        new LinkLimits(
            Duration.ofMillis(pingMillis),
            Duration.ofMillis(deadMillis),
            Duration.ofMillis(goodbyeMillis),
            LinkLimits.DEFAULT.sendCreditBytes()));
  }

  /** Both ends of a link. */
  record Pair(Link caller, Link service) {}

  static Pair pair(
      WebSocketUpgrade upgrade, Wire.Ends ends, LinkListener caller, LinkListener service)
      throws Exception {
    FutureTask<Established> accepted =
        inBackground(() -> upgrade.accept(ends.service(), YES, service, SOON));
    Link callerLink = upgrade.dial(ends.caller(), HELLO, caller, SOON).link();
    Link serviceLink = get(accepted).link();
    callerLink.start();
    serviceLink.start();
    return new Pair(callerLink, serviceLink);
  }

  /** A client by hand in front of a link in the server role. */
  record Served(RawPeer peer, Link link) {}

  static Served serve(WebSocketUpgrade upgrade, Wire.Ends ends, LinkListener listener)
      throws Exception {
    RawPeer peer = RawPeer.client(ends.caller());
    FutureTask<Established> accepted =
        inBackground(() -> upgrade.accept(ends.service(), YES, listener, SOON));
    peer.sendHead(RawPeer.REQUEST).readHead();
    Link link = get(accepted).link();
    link.start();
    return new Served(peer, link);
  }

  /** A server by hand in front of a link in the client role. */
  static Served call(WebSocketUpgrade upgrade, Wire.Ends ends, LinkListener listener)
      throws Exception {
    RawPeer peer = RawPeer.server(ends.service());
    FutureTask<Established> dialled =
        inBackground(() -> upgrade.dial(ends.caller(), HELLO, listener, SOON));
    peer.sendHead(response(peer.readHead()));
    Link link = get(dialled).link();
    link.start();
    return new Served(peer, link);
  }

  /** The 101 for a request, computed here and not by the code under test. */
  static String response(String request) {
    String key = request.split("Sec-WebSocket-Key: ", 2)[1].split("\n", 2)[0];
    return """
    HTTP/1.1 101 Fine
    Upgrade: websocket
    Connection: Upgrade
    Sec-WebSocket-Accept: %s
    Sec-WebSocket-Protocol: sallyport.v1
    Sallyport-Welcome: d2VsY29tZQ

    """
        .formatted(accept(key));
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static <T> FutureTask<T> inBackground(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Daemons.thread("test", future).start();
    return future;
  }

  /** As {@link #inBackground}, whatever comes of it. */
  static void spawn(Callable<?> task) {
    Daemons.thread("test", new FutureTask<>(task)).start();
  }

  /** The result, or what the task threw. */
  static <T> T get(FutureTask<T> task)
      throws InterruptedException, TimeoutException, LinkException {
    try {
      return task.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LinkException cause) {
        throw cause;
      }
      throw new AssertionError("the task failed", e.getCause());
    }
  }
}
