package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Keeps every event, and notices any that comes twice or while another is being handled. */
final class RecordingSink implements PunchTransport.Sink {
  final Map<SocketId, RawConnection> connected = new ConcurrentHashMap<>();
  final Map<SocketId, DialFailure> failed = new ConcurrentHashMap<>();
  final List<RawConnection> accepted = new CopyOnWriteArrayList<>();
  final List<String> faults = new CopyOnWriteArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private final boolean discard;

  RecordingSink() {
    this(false);
  }

  private RecordingSink(boolean discard) {
    this.discard = discard;
  }

  /** One that closes each connection as it comes. */
  static RecordingSink discarding() {
    return new RecordingSink(true);
  }

  @Override
  public void accepted(int port, RawConnection connection) {
    once(
        () -> {
          accepted.add(connection);
          discardOrKeep(connection);
        });
  }

  @Override
  public void connected(SocketId id, RawConnection connection) {
    once(
        () -> {
          if (connected.put(id, connection) != null || failed.containsKey(id)) {
            faults.add("second end of " + id);
          }
          discardOrKeep(connection);
        });
  }

  @Override
  public void failed(SocketId id, DialFailure failure) {
    once(
        () -> {
          if (failed.put(id, failure) != null || connected.containsKey(id)) {
            faults.add("second end of " + id);
          }
        });
  }

  private void once(Runnable event) {
    if (inside.incrementAndGet() != 1) {
      faults.add("two events at once");
    }
    event.run();
    inside.decrementAndGet();
  }

  private void discardOrKeep(RawConnection connection) {
    if (discard) {
      connection.close();
    }
  }

  int ended() {
    return connected.size() + failed.size();
  }

  RawConnection awaitConnected(SocketId id) {
    awaitEnd(id);
    assertThat(failed).doesNotContainKey(id);
    return Objects.requireNonNull(connected.get(id));
  }

  DialFailure awaitFailed(SocketId id) {
    awaitEnd(id);
    assertThat(connected).doesNotContainKey(id);
    return Objects.requireNonNull(failed.get(id));
  }

  RawConnection awaitAccepted() {
    await().pollInterval(Duration.ofMillis(1)).until(() -> !accepted.isEmpty());
    return accepted.get(0);
  }

  /** Null while it is open. */
  @Nullable DialFailure failure(SocketId id) {
    return failed.get(id);
  }

  void awaitEnd(SocketId id) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(() -> connected.containsKey(id) || failed.containsKey(id));
  }

  void closeConnections() {
    connected.values().forEach(RawConnection::close);
    accepted.forEach(RawConnection::close);
  }
}
