package com.example.rendezvous;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A rendezvous on a {@link Board}: every question is one HTTP request. */
public final class BoardRendezvous implements Rendezvous {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int LONGEST_ANSWER = 128 * 1024;

  private final URI board;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).build();
  private volatile boolean closed;

  private BoardRendezvous(URI board) {
    this.board = board;
  }

  /**
   * @throws IllegalArgumentException if it is no web address
   */
  static BoardRendezvous at(String address) {
    if (!address.matches("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._-]+)*/?")) {
      throw new IllegalArgumentException(
          "\"" + address + "\" is no board; expected for example board:http://192.0.2.7:7700");
    }
    return new BoardRendezvous(URI.create(address.endsWith("/") ? address : address + "/"));
  }

  @Override
  public CompletionStage<Presence> join() {
    long start = System.nanoTime();
    return ask("GET", "", BodyPublishers.noBody())
        .thenApply(none -> new Presence(1, Duration.ofNanos(System.nanoTime() - start)));
  }

  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    return pin("PUT", slot, item, sequence);
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    return read(topic)
        .thenApply(
            items -> {
              items.forEach(sink);
              return new Lookup(1, 1);
            });
  }

  @Override
  public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
    return pin("POST", mailbox, knock, expires.toEpochMilli());
  }

  @Override
  public CompletionStage<Delivery> reply(Slot mailbox, SealedItem reply, Instant expires) {
    return knock(mailbox, reply, expires);
  }

  @Override
  public Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink) {
    if (closed) {
      throw new RendezvousException(Reason.CLOSED, "the board was closed");
    }
    Look look = new Look(mailbox.topic(), pace, sink);
    look.now();
    return look;
  }

  @Override
  public void close() {
    closed = true;
    http.shutdownNow();
  }

  private CompletionStage<Delivery> pin(String how, Slot slot, SealedItem item, long number) {
    return ask(
            how, slot.topic().key() + "/" + number, BodyPublishers.ofByteArray(item.toByteArray()))
        .thenApply(none -> new Delivery(1, 1));
  }

  private CompletableFuture<List<SealedItem>> read(Topic topic) {
    return ask("GET", topic.key().toString(), BodyPublishers.noBody());
  }

  private CompletableFuture<List<SealedItem>> ask(String how, String path, BodyPublisher body) {
    HttpRequest request =
        HttpRequest.newBuilder(board.resolve(path)).method(how, body).timeout(TIMEOUT).build();
    return http.sendAsync(request, BoardRendezvous::bounded)
        .orTimeout(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .handle(this::understand);
  }

  private List<SealedItem> understand(
      @Nullable HttpResponse<String> answer, @Nullable Throwable failure) {
    if (closed) {
      throw new RendezvousException(Reason.CLOSED, "the board was closed");
    }
    if (answer == null) {
      throw new RendezvousException(Reason.UNREACHABLE, "nobody answers at the board " + board);
    }
    if (answer.statusCode() != 200) {
      throw new RendezvousException(
          answer.statusCode() == 429 ? Reason.FULL : Reason.REJECTED,
          "the board " + board + " answers with status " + answer.statusCode());
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      return answer.body().lines().map(base64::decode).map(SealedItem::of).distinct().toList();
    } catch (IllegalArgumentException e) {
      throw new RendezvousException(Reason.REJECTED, "what is at " + board + " is no board");
    }
  }

  /** The board says how long its answer is, and it is not long; otherwise it is no board. */
  private static BodySubscriber<String> bounded(HttpResponse.ResponseInfo answer) {
    long length = answer.headers().firstValueAsLong("content-length").orElse(Long.MAX_VALUE);
    if (length > LONGEST_ANSWER) {
      throw new IllegalArgumentException("an answer of " + length + " bytes");
    }
    return BodySubscribers.ofString(StandardCharsets.US_ASCII);
  }

  /** A watch: looks again and again. */
  private final class Look implements Watch {
    private final Topic mailbox;
    private final Consumer<SealedItem> sink;
    private volatile Pace pace;
    private volatile boolean over;
    private volatile List<SealedItem> seen = List.of();

    Look(Topic mailbox, Pace pace, Consumer<SealedItem> sink) {
      this.mailbox = mailbox;
      this.pace = pace;
      this.sink = sink;
    }

    void now() {
      if (!over && !closed) {
        var unused = read(mailbox).thenAccept(this::show).whenComplete((none, failure) -> again());
      }
    }

    private void show(List<SealedItem> items) {
      items.stream().filter(item -> !over && !seen.contains(item)).forEach(sink);
      seen = items;
    }

    private void again() {
      long millis = pace == Pace.FAST ? 250 : 1000;
      CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(this::now);
    }

    @Override
    public void pace(Pace pace) {
      this.pace = pace;
    }

    @Override
    public void close() {
      over = true;
    }
  }
}
