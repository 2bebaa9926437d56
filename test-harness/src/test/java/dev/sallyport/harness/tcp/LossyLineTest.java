package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.tcp.Line.MS;
import static dev.sallyport.harness.tcp.Line.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Conversations over lines that lose, delay and reorder. The seed is the parameter, so a failure
 * prints it.
 */
final class LossyLineTest {
  private static final int MESSAGES = 6;

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  /** One end; it closes when it has sent all and heard all, or when the other end has closed. */
  private static final class Talker implements TcpListener {
    private final String name;
    private final List<Object> heard = new ArrayList<>();
    private @Nullable TcpConnection connection;
    private boolean established;
    private boolean failed;
    private boolean reset;

    private Talker(String name) {
      this.name = name;
    }

    @Override
    public void established() {
      assertThat(established).isFalse();
      established = true;
      for (int i = 0; i < MESSAGES; i++) {
        connection().send(name + i, 1 + i * 100);
      }
    }

    @Override
    public void failed(ConnectFailure why) {
      failed = true;
    }

    @Override
    public void received(Object message) {
      assertThat(established).isTrue();
      heard.add(message);
      if (heard.size() == MESSAGES) {
        connection().close();
      }
    }

    @Override
    public void closed(boolean byReset) {
      reset = byReset;
      connection().close();
    }

    private TcpConnection connection() {
      return Objects.requireNonNull(connection);
    }

    private void heardAllOf(Talker other) {
      assertThat(heard)
          .as("what %s heard", name)
          .isEqualTo(IntStream.range(0, MESSAGES).mapToObj(i -> other.name + i).toList());
    }
  }

  /**
   * @param crossing whether both ends connect, or one accepts
   */
  private static Line talk(long seed, boolean crossing, Talker left, Talker right)
      throws TupleInUseException {
    SplittableRandom random = new SplittableRandom(seed);
    Line line = new Line(seed);
    line.delay = random.nextLong(100 * MS);
    line.jitter = 1 + random.nextLong(60 * MS);
    line.loss = random.nextDouble() * 0.3;
    long later = random.nextLong(300 * MS);
    if (crossing) {
      // Until then nothing is there that would answer with a reset.
      line.loses = packet -> line.time.now() < later && packet.source().equals(line.left.address());
      line.time.at(later, () -> right.connection = dial(line, right));
    } else {
      line.right.listen(
          80,
          accepted -> {
            right.connection = accepted;
            right.established();
            accepted.listen(right);
          });
    }
    left.connection = line.left.connect(1000, line.rightAt(80), left);
    return line;
  }

  private static TcpConnection dial(Line line, Talker right) {
    try {
      return line.right.connect(80, line.leftAt(1000), right);
    } catch (TupleInUseException e) {
      throw new AssertionError(e);
    }
  }

  private static void nothingIsLeft(Line line) {
    line.runDry();
    assertThat(line.left.openConnections()).isZero();
    assertThat(line.right.openConnections()).isZero();
    assertThat(line.left.timeWaits() + line.right.timeWaits()).isZero();
    assertThat(line.time.pending()).isZero();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void messages_comeInOrderExactlyOnce_andNothingIsLeftOpen(long seed) throws Exception {
    Talker left = new Talker("left");
    Talker right = new Talker("right");
    Line line = talk(seed, seed % 2 == 0, left, right);
    line.run(600 * SECOND);
    assertThat(left.failed || right.failed || left.reset || right.reset).isFalse();
    left.heardAllOf(right);
    right.heardAllOf(left);
    nothingIsLeft(line);
  }

  /** Where a line is that bad, handshakes fail; what was heard is still a beginning of it all. */
  @ParameterizedTest
  @MethodSource("seeds")
  void onATerribleLine_whatIsHeardIsABeginning_andNothingIsLeftOpen(long seed) throws Exception {
    Talker left = new Talker("left");
    Talker right = new Talker("right");
    Line line = talk(seed, seed % 2 == 0, left, right);
    line.loss = 0.7;
    line.run(2000 * SECOND);
    for (Talker talker : List.of(left, right)) {
      Talker other = talker == left ? right : left;
      List<String> all = IntStream.range(0, MESSAGES).mapToObj(i -> other.name + i).toList();
      assertThat(talker.heard).isEqualTo(all.subList(0, talker.heard.size()));
      if (talker.connection != null) {
        talker.connection.close();
      }
    }
    nothingIsLeft(line);
  }

  @Test
  void theSameSeed_makesTheSamePackets() throws Exception {
    for (long seed = 0; seed < 20; seed++) {
      Line one = talk(seed, seed % 2 == 0, new Talker("left"), new Talker("right"));
      Line other = talk(seed, seed % 2 == 0, new Talker("left"), new Talker("right"));
      nothingIsLeft(one);
      nothingIsLeft(other);
      assertThat(one.trace).as("seed %d", seed).isNotEmpty().isEqualTo(other.trace);
    }
  }
}
