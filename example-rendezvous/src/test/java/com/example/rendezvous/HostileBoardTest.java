package com.example.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A board that lies is a rendezvous that fails, in words and within bounds. */
@Timeout(60)
class HostileBoardTest {
  private static final Topic TOPIC = new Topic(PublicKey32.of(new byte[32]));

  /** More than any buffer on the way holds. */
  private static final long ENDLESS = 64 << 20;

  private final List<SealedItem> got = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(strings = {"<html>welcome</html>", "AAAA\n!", "\n\n", "A"})
  void garbage_isRejected(String text) throws Exception {
    assertThat(reason(exchange -> answer(exchange, text.getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(Reason.REJECTED);
    assertThat(got).isEmpty();
  }

  @Test
  void anAnswerThatIsTooLong_isNotRead() throws Exception {
    assertThat(
            reason(
                exchange ->
                    answer(exchange, "AAAA\n".repeat(30_000).getBytes(StandardCharsets.US_ASCII))))
        .isEqualTo(Reason.UNREACHABLE);
    assertThat(got).isEmpty();
  }

  @Test
  void anAnswerWithoutEnd_isNotRead() throws Exception {
    byte[] lines = "AAAA\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    AtomicLong written = new AtomicLong();
    Reason reason =
        reason(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              while (written.addAndGet(lines.length) < ENDLESS) {
                exchange.getResponseBody().write(lines);
              }
            });
    assertThat(reason).isEqualTo(Reason.UNREACHABLE);
    assertThat(written).hasValueLessThan(ENDLESS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nowhere", "ftp://a", "http://", "http://a b", "http://a/?q"})
  void whatIsNoBoard_isSaidInOneSentence(String address) {
    assertThatThrownBy(() -> BoardRendezvous.at(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected for example board:http://");
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private Reason reason(Handler handler) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(any, 0);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.start();
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    try (BoardRendezvous board = BoardRendezvous.at(address)) {
      var stage = board.lookup(TOPIC, got::add).toCompletableFuture();
      try {
        throw new AssertionError("it was believed: " + stage.get(30, TimeUnit.SECONDS));
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RendezvousException failure) {
          assertThat(failure).hasMessageContaining(address);
          return failure.reason();
        }
        throw e;
      }
    } finally {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, byte[] text) throws IOException {
    exchange.sendResponseHeaders(200, text.length);
    exchange.getResponseBody().write(text);
  }
}
