package dev.sallyport.app.storage;

import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.ServiceId;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What a second process does to the files of the first. */
final class OtherProcess {
  private OtherProcess() {}

  /**
   * {@code identity FILE} prints the key; {@code lock FOLDER ID} locks until its input ends; {@code
   * nat-memory FILE} remembers 300 times.
   */
  public static void main(String[] arguments) throws IOException, StorageException {
    switch (arguments[0]) {
      case "identity" ->
          System.out.println(
              new IdentityStore(Path.of(arguments[1]), new JdkSealer(), new SecureRandom())
                  .loadOrCreate()
                  .identity()
                  .key());
      case "lock" -> {
        System.out.println(
            ServiceLock.acquire(Path.of(arguments[1]), ServiceId.parse(arguments[2]))
                    instanceof ServiceLock.Attempt.Held
                ? "held"
                : "running");
        var unused = System.in.read();
      }
      case "nat-memory" -> {
        NatMemoryFile memory = new NatMemoryFile(Path.of(arguments[1]));
        System.out.println("writing");
        for (int i = 0; i < 300; i++) {
          memory.remember(
              NatMemoryFileTest.learnt(NatMemoryFileTest.network("10.0.0.9"), Instant.now()));
        }
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  static Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(OtherProcess.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
