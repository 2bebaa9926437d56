package dev.sallyport.domain.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategyTest {

  @ParameterizedTest
  @CsvSource({"1, -256, 1", "65535, 256, 1024", "40000, 1, 64", "40000, -1, 64"})
  void prediction_upToItsBounds_isWrittenAndRead(int base, int step, int window)
      throws MalformedException {
    assertSurvives(new Strategy.Predicted(base, step, window), 7);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1",
    "65536, 1, 1",
    "-1, 1, 1",
    "1, 0, 1",
    "1, 257, 1",
    "1, -257, 1",
    "1, 1, 0",
    "1, 1, 1025"
  })
  void prediction_outsideItsBounds_isRefused(int base, int step, int window) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Strategy.Predicted(base, step, window));
  }

  @ParameterizedTest
  @CsvSource({
    "true, 1, 1, 1, 1",
    "false, 2048, 2048, 1, 65535",
    "true, 256, 1024, 1024, 65535",
    "false, 256, 11, 100, 110"
  })
  void birthday_upToItsBounds_isWrittenAndRead(
      boolean callerIsHard, int sockets, int dials, int low, int high) throws MalformedException {
    assertSurvives(new Strategy.Birthday(callerIsHard, sockets, dials, low, high), 10);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 65535",
    "2049, 1, 1, 65535",
    "1, 0, 1, 65535",
    "1, 2049, 1, 65535",
    "1, 12, 100, 110",
    "1, 1, 0, 65535",
    "1, 1, 1, 65536",
    "1, 1, 2, 1"
  })
  void birthday_outsideItsBounds_isNoCannon(int sockets, int dials, int low, int high) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Strategy.Birthday(true, sockets, dials, low, high));
  }

  @ParameterizedTest
  @CsvSource({
    "'', nothing",
    "00, an unknown kind",
    "04, an unknown kind",
    "02 9c40 0001, cut short",
    "02 0000 0001 0001, port 0",
    "02 9c40 0000 0001, a step of 0",
    "02 9c40 7fff 0001, too large a step",
    "02 9c40 0001 ffff, too large a window",
    "03 02 0100 0400 0400 ffff, an unknown flag",
    "03 01 ffff 0400 0400 ffff, too many sockets",
    "03 01 0100 ffff 0400 ffff, too many dials",
    "03 01 0100 0400 ffff 0400, a range that ends before it begins"
  })
  void whatCouldNotBeMade_isRefused(String hex, String why) {
    ByteReader in = new ByteReader(HexFormat.of().parseHex(hex.replace(" ", "")), "a sample");
    assertThatThrownBy(() -> Strategy.read(in)).as(why).isInstanceOf(MalformedException.class);
  }

  private static void assertSurvives(Strategy strategy, int length) throws MalformedException {
    ByteWriter out = new ByteWriter();
    strategy.write(out);
    assertThat(out.toByteArray()).hasSize(length);
    ByteReader in = new ByteReader(out.toByteArray(), "a sample");
    assertThat(Strategy.read(in)).isEqualTo(strategy);
    in.end();
  }
}
