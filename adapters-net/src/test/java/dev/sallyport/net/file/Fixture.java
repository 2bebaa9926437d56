package dev.sallyport.net.file;

import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** What the tests of this package share. */
final class Fixture {
  static final Sealer SEALER = new JdkSealer();

  private Fixture() {}

  static Slot slot(int number) {
    Secret32 seed = Secret32.of(bytes(1000 + number, Secret32.LENGTH));
    return new Slot(new Topic(SEALER.signingKey(seed)), seed);
  }

  static SealedItem item(int number) {
    return SealedItem.of(bytes(number, 300));
  }

  static byte[] bytes(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Instant soon() {
    return Instant.now().plusSeconds(120);
  }

  /** Puts a file where a client would, signed with the seed of another slot. */
  static Path plant(Path folder, Slot named, Slot signing, FileItem item) throws IOException {
    Path path = folder.resolve(FileName.of(named.topic(), item).text());
    return Files.write(path, item.write(signing, SEALER));
  }

  static List<String> namesIn(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  static <T> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError("no good end of a stage", e);
    }
  }

  static RendezvousException failure(CompletionStage<?> stage) {
    try {
      throw new AssertionError(
          "did not fail: " + stage.toCompletableFuture().get(20, TimeUnit.SECONDS));
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no end of a stage", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RendezvousException failure) {
        return failure;
      }
      throw new AssertionError("failed otherwise", e);
    }
  }
}
