package dev.sallyport.harness.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Lookup;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of the contract are written with. */
abstract class ContractFixture {
  private static final Sealer SEALER = new JdkSealer();

  /** Where the tests have a record, a service's mailbox and a caller's. */
  static final Slot RECORD = slot(1);

  static final Slot MAILBOX = slot(2);
  static final Slot REPLIES = slot(3);

  /** A second is promised; a busy machine gets more. */
  private static final long CLOSE_SECONDS = 5;

  private static final int LENGTH = 300;

  private final List<Rendezvous> clients = new ArrayList<>();
  private final List<Inbox> inboxes = new ArrayList<>();
  private RendezvousBackend backend;

  /** Opens a back end with nothing in it. Called once for each test, which closes it. */
  protected abstract RendezvousBackend newBackend() throws Exception;

  /** How long anything that is promised may take before a test gives up; 30 s. */
  protected Duration patience() {
    return Duration.ofSeconds(30);
  }

  @BeforeEach
  final void openBackend() throws Exception {
    backend = newBackend();
  }

  @AfterEach
  final void closeBackend() throws Exception {
    clients.forEach(Rendezvous::close);
    backend.close();
    inboxes.forEach(Inbox::assertOrderly);
  }

  final RendezvousBackend backend() {
    return backend;
  }

  /** A client that is closed after the test. */
  final Rendezvous client() throws Exception {
    Rendezvous client = backend.newClient();
    clients.add(client);
    return client;
  }

  /** A sink that is found to be treated as sinks are. */
  final Inbox inbox() {
    Inbox inbox = new Inbox(patience());
    inboxes.add(inbox);
    return inbox;
  }

  /** What a client that has done nothing yet finds. */
  final List<SealedItem> lookUp(Topic topic) throws Exception {
    Inbox found = inbox();
    Lookup lookup = done(client().lookup(topic, found));
    assertThat(lookup.answered()).isPositive().isLessThanOrEqualTo(lookup.asked());
    return found.items();
  }

  /** Calls everything that has a stage, and waits for none. */
  final List<CompletionStage<?>> oneOfEach(Rendezvous client) {
    return List.of(
        client.join(),
        client.publish(slot(11), item(11), 5),
        client.lookup(slot(12).topic(), inbox()),
        client.knock(slot(13), item(13), soon()),
        client.reply(slot(14), item(14), soon()));
  }

  /** The value of a stage that has to come. */
  final <T> T done(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(patience().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("a stage failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new AssertionError("a stage has not ended within " + patience(), e);
    }
  }

  /** How a stage failed; null if it did not. */
  final @Nullable RendezvousException settled(CompletionStage<?> stage)
      throws InterruptedException {
    try {
      var unused = stage.toCompletableFuture().get(patience().toMillis(), TimeUnit.MILLISECONDS);
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RendezvousException failure) {
        return failure;
      }
      throw new AssertionError("a stage fails with RendezvousException only", e);
    } catch (TimeoutException e) {
      throw new AssertionError("a stage has not ended within " + patience(), e);
    }
  }

  /** How a stage failed that had to. */
  final RendezvousException failure(CompletionStage<?> stage) throws InterruptedException {
    RendezvousException failure = settled(stage);
    if (failure == null) {
      throw new AssertionError("a stage that cannot succeed did");
    }
    return failure;
  }

  /** Closes a client on another thread, so that a close that hangs fails the test. */
  final void closeSoon(Rendezvous client) throws InterruptedException {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .name("closing")
        .start(
            () -> {
              client.close();
              closed.complete(null);
            });
    try {
      closed.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("close has not returned within " + CLOSE_SECONDS + " s", e);
    }
  }

  static Instant soon() {
    return Instant.now().plusSeconds(120);
  }

  static SealedItem item(int number) {
    return item(number, LENGTH);
  }

  static SealedItem item(int number, int length) {
    return SealedItem.of(bytes(number, length));
  }

  /** The first so many. */
  static List<SealedItem> items(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(ContractFixture::item).toList();
  }

  static Slot slot(int number) {
    Secret32 seed = Secret32.of(bytes(-number, Secret32.LENGTH));
    return new Slot(new Topic(SEALER.signingKey(seed)), seed);
  }

  /** The slot in the hands of somebody who knows its topic and not its seed. */
  static Slot withoutSeed(Slot slot) {
    return new Slot(slot.topic(), Secret32.of(bytes(-100, Secret32.LENGTH)));
  }

  private static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
