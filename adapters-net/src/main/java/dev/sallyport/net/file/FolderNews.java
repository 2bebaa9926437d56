package dev.sallyport.net.file;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears from the kernel what is new in a folder, where the kernel knows: what comes over a network
 * share it does not. So this only makes a knock arrive sooner; who watches looks anyway.
 *
 * <p>Threading: {@link #listen} on the folder's thread, {@link #close} on any.
 */
final class FolderNews implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderNews.class);

  /** Closing waits for the service's own thread, which a hanging file system may hold. */
  private static final long MAX_CLOSE_MILLIS = 200;

  private final Path folder;
  private final Predicate<FileName> isWanted;
  private final Runnable news;
  private @Nullable WatchService service;
  private @Nullable WatchKey key;
  private boolean unavailable;
  private boolean closed;

  /**
   * @param isWanted which files to tell of
   * @param news called on a thread of its own
   */
  FolderNews(Path folder, Predicate<FileName> isWanted, Runnable news) {
    this.folder = folder;
    this.isWanted = isWanted;
    this.news = news;
  }

  /** Sees to it that we are told, if that is possible. May block as the file system does. */
  void listen() {
    WatchKey current = key;
    if (current != null && current.isValid()) {
      return;
    }
    WatchService open = service();
    if (open == null) {
      return;
    }
    try {
      key =
          folder.register(
              open, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    } catch (IOException | ClosedWatchServiceException e) {
      LOG.debug("no news of {}: {}", folder, e.toString());
    }
  }

  private synchronized @Nullable WatchService service() {
    if (service == null && !unavailable && !closed) {
      try {
        WatchService opened = folder.getFileSystem().newWatchService();
        service = opened;
        Thread.ofPlatform().daemon().name("sallyport-file-news").start(() -> run(opened));
      } catch (IOException | UnsupportedOperationException e) {
        // The kernel's table of such services is full, or it has none.
        unavailable = true;
        LOG.debug("no news of {}: {}", folder, e.toString());
      }
    }
    return service;
  }

  private void run(WatchService open) {
    try {
      while (true) {
        WatchKey signalled = open.take();
        boolean wanted = false;
        for (WatchEvent<?> event : signalled.pollEvents()) {
          wanted |= isWanted(event);
        }
        signalled.reset();
        if (wanted) {
          news.run();
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("no more news of {}", folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isWanted(WatchEvent<?> event) {
    if (!(event.context() instanceof Path path)) {
      // More has happened than could be kept.
      return true;
    }
    FileName name = FileName.parse(path.toString());
    return name != null && isWanted.test(name);
  }

  @Override
  public void close() {
    WatchService open;
    synchronized (this) {
      closed = true;
      open = service;
      service = null;
    }
    if (open == null) {
      return;
    }
    Thread closing =
        Thread.ofPlatform().daemon().name("sallyport-file-close").start(() -> close(open));
    try {
      closing.join(MAX_CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void close(WatchService open) {
    try {
      open.close();
    } catch (IOException e) {
      LOG.debug("closing the news of {}: {}", folder, e.toString());
    }
  }
}
