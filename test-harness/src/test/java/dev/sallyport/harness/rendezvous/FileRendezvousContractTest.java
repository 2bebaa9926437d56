package dev.sallyport.harness.rendezvous;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.net.file.FileRendezvous;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

class FileRendezvousContractTest extends RendezvousContract {
  @TempDir private Path parent;

  @Override
  protected RendezvousBackend newBackend() {
    return new Folder(parent.resolve("shared"), parent.resolve("away"));
  }

  private record Folder(Path shared, Path away) implements RendezvousBackend {
    @Override
    public Rendezvous newClient() {
      return FileRendezvous.open(shared.toString(), new JdkSealer());
    }

    @Override
    public boolean verifiesWriters() {
      return true;
    }

    /** As when its disk is unmounted. */
    @Override
    public boolean fail() throws IOException {
      Files.move(shared, away);
      return true;
    }

    @Override
    public boolean heal() throws IOException {
      Files.move(away, shared);
      return true;
    }

    @Override
    public boolean litter(Slot slot) throws IOException {
      Files.createDirectories(shared);
      Random random = new Random(7);
      Files.writeString(shared.resolve("holiday-" + slot.topic().key() + ".txt"), "sun");
      Files.createDirectory(shared.resolve(slot.topic().key().toString()));
      for (String kind : new String[] {"record", "knock"}) {
        // More than a mailbox holds: empty, garbage, much too long.
        for (int length = 0; length < 90; length++) {
          byte[] garbage = new byte[length];
          random.nextBytes(garbage);
          Files.write(shared.resolve(name(slot, random, kind)), garbage);
        }
        byte[] almost = new byte[2000];
        System.arraycopy("sallyport".getBytes(US_ASCII), 0, almost, 0, 9);
        Files.write(shared.resolve(name(slot, random, kind)), almost);
        Files.write(shared.resolve(name(slot, random, kind)), new byte[1 << 20]);
        Files.createDirectory(shared.resolve(name(slot, random, kind)));
        Files.createSymbolicLink(shared.resolve(name(slot, random, kind)), Path.of("/dev/zero"));
      }
      return true;
    }

    @Override
    public void close() {}

    private static String name(Slot slot, Random random, String kind) {
      return String.format(
          Locale.ROOT,
          "%s.%012x.%016x%016x.%s",
          slot.topic().key(),
          Instant.now().plus(Duration.ofMinutes(5)).toEpochMilli(),
          random.nextLong(),
          random.nextLong(),
          kind);
    }
  }
}
