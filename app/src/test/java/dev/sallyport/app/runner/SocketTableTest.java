package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.app.runner.FakeNet.Connection;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.SocketEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTableTest {
  private static final SocketId DIALED = SocketId.dialed(1);
  private static final SocketId FIRST = SocketId.accepted(1);

  private final FakeNet net = new FakeNet();
  private final List<SocketEvent> events = new ArrayList<>();

  /** What waits for a worker; a test lets it run when it likes. */
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private final SocketTable<String> table = table(tasks::add);

  @Test
  void aConnectionOnItsWayToALink() {
    Connection connection = accepted();
    table.secure(FIRST, this::secured, () -> events.add(new SocketEvent.LinkReady(DIALED)));
    runTasks();
    assertThat(events).endsWith(new SocketEvent.LinkReady(DIALED));
    table.upgrade(FIRST, this::upgraded);
    runTasks();
    assertThat(events).endsWith(new SocketEvent.LinkReady(FIRST));
    SocketTable.Upgraded<String> link = table.take(FIRST);
    assertThat(link).isNotNull().extracting(SocketTable.Upgraded::with).isEqualTo("with it");
    table.close();
    assertThat(connection.isClosed()).as("given away").isFalse();
    assertThat(table.open()).isZero();
  }

  @Test
  void whatConnectsAfterTheTableIsClosed_isClosed() {
    table.execute(new SocketEffect.Dial(DIALED, 0, FakeNet.loopback(1), Duration.ofSeconds(1)));
    table.close();
    Connection dialled = connection();
    table.connected(DIALED, dialled);
    Connection accepted = connection();
    table.accepted(1, accepted);
    assertThat(dialled.isClosed()).isTrue();
    assertThat(accepted.isClosed()).isTrue();
    assertThat(table.open()).isZero();
    assertThat(events).noneMatch(event -> !(event instanceof SocketEvent.DialFailed));
  }

  @Test
  void aDialThatFails_isForgottenAndTold() {
    table.execute(new SocketEffect.Dial(DIALED, 0, FakeNet.loopback(1), Duration.ofSeconds(1)));
    table.failed(DIALED, DialFailure.TIMED_OUT);
    assertThat(table.open()).isZero();
    assertThat(events).contains(new SocketEvent.DialFailed(DIALED, DialFailure.TIMED_OUT));
  }

  @Test
  void securingWhatIsClosedAlready_failsAtOnce() {
    accepted();
    table.execute(new SocketEffect.Close(FIRST));
    table.secureAndUpgrade(FIRST, this::secured, this::upgraded);
    assertThat(tasks).isEmpty();
    assertThat(failures()).containsExactly(Reason.BROKEN);
  }

  @Test
  void closedBeforeAWorkerIsFree_itFailsOnce() {
    accepted();
    table.secureAndUpgrade(FIRST, this::secured, this::upgraded);
    table.execute(new SocketEffect.Close(FIRST));
    runTasks();
    assertThat(failures()).containsExactly(Reason.BROKEN);
  }

  @Test
  void closedWhileItIsSecured_theChannelIsClosedToo() {
    Connection connection = accepted();
    table.secureAndUpgrade(
        FIRST,
        raw -> {
          table.execute(new SocketEffect.Close(FIRST));
          return secured(raw);
        },
        this::upgraded);
    runTasks();
    assertThat(failures()).containsExactly(Reason.BROKEN);
    assertThat(connection.isClosed()).isTrue();
  }

  @Test
  void closedWhileItIsUpgraded_theLinkIsAborted() {
    Connection connection = accepted();
    table.secureAndUpgrade(
        FIRST,
        this::secured,
        channel -> {
          table.execute(new SocketEffect.Close(FIRST));
          return upgraded(channel);
        });
    runTasks();
    assertThat(failures()).containsExactly(Reason.BROKEN);
    assertThat(connection.isClosed()).isTrue();
    assertThat(events).noneMatch(SocketEvent.LinkReady.class::isInstance);
  }

  @Test
  void aHandshakeThatThrows_endsInOneFailure_andClosesTheSocket() {
    Connection first = accepted();
    Connection second = accepted();
    Connection third = accepted();
    table.secureAndUpgrade(
        FIRST,
        raw -> {
          throw new LinkException(Reason.WRONG_PEER, "not he");
        },
        this::upgraded);
    table.secureAndUpgrade(
        SocketId.accepted(2),
        this::secured,
        channel -> {
          throw new IllegalStateException("a bug");
        });
    runTasks();
    table.secure(
        SocketId.accepted(3),
        raw -> {
          throw new LinkageError("a class is missing");
        },
        () -> {});
    assertThatThrownBy(this::runTasks).isInstanceOf(LinkageError.class);
    assertThat(failures()).containsExactly(Reason.WRONG_PEER, Reason.PROTOCOL, Reason.PROTOCOL);
    assertThat(List.of(first, second, third)).allMatch(Connection::isClosed);
    assertThat(table.open()).isZero();
  }

  @Test
  void whenNoWorkerTakesIt_itFailsAndIsClosed() {
    SocketTable<String> full =
        table(
            task -> {
              throw new RejectedExecutionException("full");
            });
    Connection connection = connection();
    full.accepted(1, connection);
    full.secureAndUpgrade(FIRST, this::secured, this::upgraded);
    assertThat(failures()).containsExactly(Reason.TIMED_OUT);
    assertThat(connection.isClosed()).isTrue();
    assertThat(full.open()).isZero();
  }

  @Test
  void strangersAreBounded_andMakeRoomWhenTheyLeaveOrAreLinked() {
    List<Connection> strangers = new ArrayList<>();
    for (int i = 0; i < SocketTable.MAX_STRANGERS + 10; i++) {
      strangers.add(accepted());
    }
    assertThat(strangers).filteredOn(Connection::isClosed).hasSize(10);
    table.execute(new SocketEffect.Close(SocketId.accepted(1)));
    table.execute(new SocketEffect.Close(SocketId.accepted(1)));
    table.secureAndUpgrade(SocketId.accepted(2), this::secured, this::upgraded);
    runTasks();
    table.execute(new SocketEffect.Close(SocketId.accepted(2)));
    List<Connection> next = List.of(accepted(), accepted(), accepted());
    assertThat(next).extracting(Connection::isClosed).containsExactly(false, false, true);
  }

  /** Whatever order things come in: in the end nothing is open, and nothing ends twice. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void inAnyOrder_nothingLeaks(long seed) {
    Random random = new Random(seed);
    List<Connection> connections = new ArrayList<>();
    List<SocketId> ids = new ArrayList<>();
    int started = 0;
    long dials = 100;
    for (int step = 0; step < 500; step++) {
      SocketId any = ids.isEmpty() ? FIRST : ids.get(random.nextInt(ids.size()));
      switch (random.nextInt(6)) {
        case 0 -> {
          Connection connection = connection();
          connections.add(connection);
          table.accepted(1, connection);
          if (events.getLast() instanceof SocketEvent.Accepted accepted) {
            ids.add(accepted.id());
          }
        }
        case 1 -> {
          SocketId id = SocketId.dialed(++dials);
          table.execute(new SocketEffect.Dial(id, 0, FakeNet.loopback(1), Duration.ofSeconds(1)));
          Connection connection = connection();
          connections.add(connection);
          table.connected(id, connection);
          ids.add(id);
        }
        case 2 -> table.execute(new SocketEffect.Close(any));
        case 3 -> {
          ids.remove(any);
          started++;
          table.secureAndUpgrade(any, this::secured, this::upgraded);
        }
        case 4 -> {
          if (!tasks.isEmpty()) {
            tasks.remove().run();
          }
        }
        default -> table.link(any);
      }
    }
    table.close();
    runTasks();
    assertThat(table.open()).as("seed %d", seed).isZero();
    assertThat(connections).as("seed %d", seed).allMatch(Connection::isClosed);
    assertThat(events)
        .as("seed %d", seed)
        .filteredOn(
            event ->
                event instanceof SocketEvent.LinkReady || event instanceof SocketEvent.LinkFailed)
        .hasSize(started);
  }

  private SocketTable<String> table(Executor workers) {
    // The transport is played by the tests themselves.
    return new SocketTable<>(sink -> net.open(new SilentSink()), workers, events::add);
  }

  private Connection connection() {
    return new Connection(FakeNet.loopback(1), FakeNet.loopback(2));
  }

  private Connection accepted() {
    Connection connection = connection();
    table.accepted(1, connection);
    return connection;
  }

  private SecureChannel secured(RawConnection raw) throws LinkException {
    PublicKey32 key = PublicKey32.of(new byte[PublicKey32.LENGTH]);
    return FakeNet.channel((Connection) raw, key, key);
  }

  private SocketTable.Upgraded<String> upgraded(SecureChannel channel) {
    return new SocketTable.Upgraded<>(FakeNet.link(channel, new QuietListener()), "with it");
  }

  private void runTasks() {
    while (!tasks.isEmpty()) {
      tasks.remove().run();
    }
  }

  private List<Reason> failures() {
    return events.stream()
        .filter(SocketEvent.LinkFailed.class::isInstance)
        .map(event -> ((SocketEvent.LinkFailed) event).reason())
        .toList();
  }

  private static final class SilentSink implements PunchTransport.Sink {
    @Override
    public void accepted(int port, RawConnection connection) {}

    @Override
    public void connected(SocketId id, RawConnection connection) {}

    @Override
    public void failed(SocketId id, DialFailure failure) {}
  }
}
