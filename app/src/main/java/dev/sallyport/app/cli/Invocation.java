package dev.sallyport.app.cli;

import dev.sallyport.app.storage.Folders;
import dev.sallyport.app.storage.IdentityStore;
import dev.sallyport.app.storage.StorageException;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;

/**
 * One run of a command: what was typed, whom to talk to, how it is interrupted.
 *
 * @param sallyport how to call us, as the user can type it
 */
record Invocation(
    Typed typed,
    Console console,
    Reporter reporter,
    JsonEvents json,
    Interrupts interrupts,
    String sallyport) {
  private static final Sealer SEALER = new JdkSealer();

  Sealer sealer() {
    return SEALER;
  }

  Folders folders() {
    return new Folders(console.environment());
  }

  boolean asJson() {
    return typed.has(Flag.JSON);
  }

  /** The identity that was asked for, made if there is none yet. */
  IdentityStore.Stored identity() throws ProblemException {
    String file = typed.text(Flag.IDENTITY);
    try {
      Path path =
          file == null ? folders().identity() : Arguments.file(Flag.IDENTITY.option(), file);
      return new IdentityStore(path, SEALER, new SecureRandom()).loadOrCreate();
    } catch (StorageException e) {
      throw ProblemException.local(e.getMessage());
    }
  }

  /**
   * Opens when the user ends the run: by Ctrl+C, or by the end of the input if he asked for that.
   */
  CountDownLatch end() {
    CountDownLatch end = new CountDownLatch(1);
    interrupts.onInterrupt(end::countDown);
    if (typed.has(Flag.UNTIL_EOF)) {
      new Keyboard(console).start(line -> {}, end::countDown);
    }
    return end;
  }
}
