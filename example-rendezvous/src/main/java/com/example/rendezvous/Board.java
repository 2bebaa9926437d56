package com.example.rendezvous;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The server: keeps sealed notes for whoever knows where they hang, in memory. It cannot read them.
 *
 * <pre>
 * GET  /                  200: here is a board
 * PUT  /TOPIC/SEQUENCE    pins the body as the record, unless a newer one hangs there (409)
 * POST /TOPIC/EXPIRES     adds the body to the notes until then (milliseconds since 1970; 429: full)
 * GET  /TOPIC             all that hangs there, a line of Base64 each
 * </pre>
 */
public final class Board implements AutoCloseable {
  private static final int MOST_TOPICS = 10_000;
  private static final int MOST_NOTES = 64;
  private static final long LONGEST_STAY = Duration.ofMinutes(10).toMillis();
  private static final Pattern PATH = Pattern.compile("/([0-9a-f]{64})(?:/([0-9]{1,19}))?");

  private record Answer(int status, String text) {
    Answer(int status) {
      this(status, "");
    }
  }

  /** What hangs under one topic: Base64 to sequence number, and Base64 to expiry. */
  private record Place(Map<String, Long> newest, Map<String, Long> notes) {
    String hanging() {
      return Stream.of(newest, notes)
          .flatMap(items -> items.keySet().stream())
          .collect(Collectors.joining("\n"));
    }
  }

  private final HttpServer server;
  private final Map<String, Place> places =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Place> eldest) {
          return size() > MOST_TOPICS;
        }
      };

  /** Starts serving. */
  public Board(InetSocketAddress at) throws IOException {
    server = HttpServer.create(at, 0);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Runs a board: {@code java -cp example-rendezvous.jar com.example.rendezvous.Board 7700}. */
  public static void main(String[] arguments) throws IOException {
    Board board = new Board(new InetSocketAddress(Integer.parseInt(arguments[0])));
    System.out.println("the board hangs at port " + board.port());
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readNBytes(SealedItem.MAX_LENGTH + 1);
      Answer answer = answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath(), body);
      byte[] text = answer.text().getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(answer.status(), text.length == 0 ? -1 : text.length);
      if (text.length > 0) {
        exchange.getResponseBody().write(text);
      }
    }
  }

  private synchronized Answer answer(String how, String path, byte[] body) {
    Matcher parts = PATH.matcher(path);
    if (!parts.matches()) {
      return new Answer(path.equals("/") ? 200 : 404);
    }
    Place there = places.get(parts.group(1));
    long now = System.currentTimeMillis();
    if (there != null) {
      there.notes().values().removeIf(expiry -> expiry <= now);
    }
    if (parts.group(2) == null) {
      return new Answer(200, there == null ? "" : there.hanging());
    }
    if (body.length == 0 || body.length > SealedItem.MAX_LENGTH) {
      return new Answer(413);
    }
    Place place = there != null ? there : new Place(new LinkedHashMap<>(), new LinkedHashMap<>());
    places.put(parts.group(1), place);
    String item = Base64.getEncoder().encodeToString(body);
    long number = Long.parseUnsignedLong(parts.group(2));
    return switch (how) {
      case "PUT" -> new Answer(replace(place.newest(), item, number));
      case "POST" -> new Answer(add(place.notes(), item, Math.min(number, now + LONGEST_STAY)));
      default -> new Answer(405);
    };
  }

  private static int replace(Map<String, Long> newest, String item, long sequence) {
    for (Map.Entry<String, Long> there : newest.entrySet()) {
      boolean same = there.getKey().equals(item);
      if (there.getValue() > sequence || (there.getValue() == sequence && !same)) {
        return 409;
      }
    }
    newest.clear();
    newest.put(item, sequence);
    return 200;
  }

  private static int add(Map<String, Long> notes, String item, long expiry) {
    if (notes.size() >= MOST_NOTES && !notes.containsKey(item)) {
      return 429;
    }
    notes.put(item, expiry);
    return 200;
  }
}
