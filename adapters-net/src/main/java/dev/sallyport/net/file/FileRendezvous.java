package dev.sallyport.net.file;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A {@link Rendezvous} in a folder that both peers can write to. The package says what is in it.
 *
 * <ul>
 *   <li>A folder that hangs, vanishes, fills up or turns read-only fails the calls, in words, and
 *       not the watches: they go on when it is back.
 *   <li>A knock arrives at once where the kernel tells of new files, and otherwise, on network
 *       shares, within a quarter of a second ({@code FAST}) or a second ({@code STEADY}).
 *   <li>A mailbox holds {@value Mailboxes#MAX_KNOCKS} knocks that nobody has seen.
 *   <li>A record is there for two hours: publish it again well before.
 * </ul>
 *
 * <p>Threading: as {@link Rendezvous} says. One daemon thread touches the folder; another calls
 * sinks and completes stages.
 */
public final class FileRendezvous implements Rendezvous {
  private static final String EXAMPLE =
      "expected an absolute path, for example file:/srv/sallyport";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Lane folderThread = new Lane("sallyport-file-folder");
  private final Lane sinks = new Lane("sallyport-file-sinks");
  private final SharedFolder folder;
  private final Mailboxes mailboxes;
  private final Records records;
  private final Calls calls;
  private final Rounds rounds;

  /**
   * Opens a folder, and makes it if the one above it is there.
   *
   * @param folder an absolute path
   * @param sealer signs and verifies the files
   * @throws IllegalArgumentException in one sentence, if it is no folder that could be used
   */
  public static FileRendezvous open(String folder, Sealer sealer) {
    Path path = existing(folder);
    return new FileRendezvous(new SharedFolder(path, sealer), InstantSource.system(), PATIENCE);
  }

  FileRendezvous(SharedFolder folder, InstantSource clock, Duration patience) {
    this.folder = folder;
    this.mailboxes = new Mailboxes(folder, clock);
    this.records = new Records(folder, clock);
    this.calls = new Calls(folderThread, sinks, patience, folder.path().toString());
    this.rounds = new Rounds(folder, folderThread, clock);
  }

  @Override
  public CompletionStage<Presence> join() {
    long began = System.nanoTime();
    return calls.call(
        reading(
            () -> {
              folder.names();
              return new Presence(1, Duration.ofNanos(System.nanoTime() - began));
            }));
  }

  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    if (sequence < 0) {
      throw new IllegalArgumentException("a sequence is not negative: " + sequence);
    }
    return calls.call(writing(() -> records.publish(slot, item, sequence)));
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    return calls.call(
        reading(
            () -> {
              FileItem newest = records.newest(topic);
              if (newest != null) {
                sinks.execute(() -> sink.accept(newest.item()));
              }
              return new Lookup(1, 1);
            }));
  }

  @Override
  public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
    return calls.call(writing(() -> mailboxes.leave(mailbox, knock, expires)));
  }

  @Override
  public CompletionStage<Delivery> reply(Slot mailbox, SealedItem reply, Instant expires) {
    return knock(mailbox, reply, expires);
  }

  /**
   * @throws RendezvousException {@code CLOSED} after {@link #close}
   */
  @Override
  public Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink) {
    FolderWatch watch = new FolderWatch(mailbox.topic(), pace, sink, sinks, rounds::soon);
    rounds.add(watch);
    // After it was added: whoever closes now closes it, or we see that it is closed.
    if (calls.isClosed()) {
      watch.close();
      throw Calls.closedReason();
    }
    return watch;
  }

  @Override
  public void close() {
    calls.close();
    rounds.close();
    // A thread that a file system holds cannot be waited for.
    folderThread.shutdownNow();
    sinks.shutdownNow();
  }

  private <T> Callable<T> reading(Callable<T> action) {
    return () -> {
      try {
        return action.call();
      } catch (IOException e) {
        throw Trouble.reading(folder.path(), e);
      }
    };
  }

  private <T> Callable<T> writing(Callable<T> action) {
    return () -> {
      try {
        return action.call();
      } catch (IOException e) {
        throw Trouble.writing(folder.path(), e);
      }
    };
  }

  private static Path existing(String folder) {
    String uri = "the rendezvous \"file:" + folder + "\" ";
    Path path;
    try {
      path = Path.of(folder);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(uri + "is no path; " + EXAMPLE, e);
    }
    if (folder.isBlank()) {
      throw new IllegalArgumentException(uri + "names no folder; " + EXAMPLE);
    }
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(uri + "is a relative path; " + EXAMPLE);
    }
    if (Files.isDirectory(path)) {
      return path;
    }
    if (Files.exists(path)) {
      throw new IllegalArgumentException(uri + "is not a folder; " + EXAMPLE + ", a folder");
    }
    Path parent = path.getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw new IllegalArgumentException(
          uri + "and the folder above it do not exist; " + EXAMPLE + " where /srv exists");
    }
    try {
      return Files.createDirectory(path);
    } catch (IOException e) {
      String reason = Trouble.writing(parent, e).getMessage();
      throw new IllegalArgumentException(
          uri + "does not exist and cannot be made: " + reason + "; " + EXAMPLE, e);
    }
  }
}
