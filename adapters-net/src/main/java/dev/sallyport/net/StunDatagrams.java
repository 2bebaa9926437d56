package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.wire.MalformedException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One UDP socket that asks many STUN servers (RFC 8489 section 6.2.1), so that all of them look at
 * the same local port. Answers count only if they carry the transaction id of the question and come
 * from where it went, unless the question asked for one from elsewhere; everything else is dropped.
 *
 * <p>Threading: safe from any thread.
 */
final class StunDatagrams implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StunDatagrams.class);
  private static final Duration FIRST_RETRANSMISSION = Duration.ofMillis(500);

  private final DatagramChannel channel;
  private final int localPort;
  private final Map<TransactionId, Question> questions = new ConcurrentHashMap<>();

  /**
   * What came back.
   *
   * @param from where from
   */
  record Reply(StunMessage message, Endpoint mapped, Endpoint from) {}

  private record Question(StunRequest request, Endpoint server, CompletableFuture<Reply> answer) {}

  StunDatagrams() throws IOException {
    channel = DatagramChannel.open();
    channel.bind(null);
    localPort = channel.socket().getLocalPort();
    Daemons.start("stun-udp", this::receive);
  }

  int localPort() {
    return localPort;
  }

  /** Asks what a server sees. */
  CompletableFuture<Endpoint> ask(Endpoint server, Duration timeout) {
    return ask(StunRequest.plain(), server, timeout).thenApply(Reply::mapped);
  }

  /**
   * Asks until there is an answer or time is up; then, or when we are closed, it fails. Sent at 0,
   * 0.5, 1.5, 3.5 s and so on.
   */
  CompletableFuture<Reply> ask(StunRequest request, Endpoint server, Duration timeout) {
    return ask(request, server, timeout, this);
  }

  /** The same, with an answer that counts only where another socket hears it. */
  CompletableFuture<Reply> ask(
      StunRequest request, Endpoint server, Duration timeout, StunDatagrams listener) {
    TransactionId id = request.id();
    Question question = new Question(request, server, new CompletableFuture<>());
    listener.questions.put(id, question);
    send(question, FIRST_RETRANSMISSION);
    if (!channel.isOpen() || !listener.channel.isOpen()) {
      question.answer.cancel(false);
    }
    return question
        .answer
        .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((answer, error) -> listener.questions.remove(id));
  }

  private void send(Question question, Duration again) {
    if (question.answer.isDone()) {
      return;
    }
    try {
      ByteBuffer request = ByteBuffer.wrap(question.request.encode());
      channel.send(request, question.server.toSocketAddress());
      Deadlines.runAfter(again, () -> send(question, again.multipliedBy(2)));
    } catch (IOException | RuntimeException e) {
      question.answer.completeExceptionally(e);
    }
  }

  private void receive() {
    // One byte more than a message may have, to notice those that are longer.
    ByteBuffer buffer = ByteBuffer.allocate(StunMessage.MAX_BYTES + 1);
    while (channel.isOpen()) {
      try {
        buffer.clear();
        if (channel.receive(buffer) instanceof InetSocketAddress from) {
          accept(Arrays.copyOf(buffer.array(), buffer.position()), Endpoint.of(from));
        }
      } catch (MalformedException | IllegalArgumentException e) {
        LOG.debug("a datagram that is no STUN answer: {}", e.getMessage());
      } catch (IOException e) {
        close();
      }
    }
  }

  private void accept(byte[] datagram, Endpoint from) throws MalformedException {
    StunMessage message = StunMessage.decode(datagram);
    Question question = questions.get(message.id());
    if (question == null || !(question.request.changes() || question.server.equals(from))) {
      return;
    }
    Endpoint mapped = message.mapped();
    if (mapped != null) {
      question.answer.complete(new Reply(message, mapped, from));
    } else if (message.kind() == StunMessage.Kind.ERROR) {
      question.answer.completeExceptionally(
          new IOException(from + " answered with error " + message.error()));
    }
  }

  @Override
  public void close() {
    Quietly.close(channel);
    questions.values().forEach(question -> question.answer.cancel(false));
  }
}
