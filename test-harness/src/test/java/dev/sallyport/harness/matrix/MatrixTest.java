package dev.sallyport.harness.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.nat.Behavior;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MatrixTest {
  private static final Kind NONE = new Kind("none", Difficulty.FULL_CONE, "");
  private static final Cell HALF =
      new Cell("none", "none", 4, 2, Map.of("direct", 2), 1, 2, Map.of("no answer", 2));

  private static Matrix of(List<Kind> kinds, List<Cell> cells) {
    return new Matrix(
        "sim", 1, Duration.ZERO, 0, "", 4, kinds, cells, "", Instant.EPOCH, Duration.ZERO);
  }

  @Test
  void cells_areFoundByTheirPair_andAddUp() {
    Matrix matrix = of(List.of(NONE), List.of(HALF));
    assertThat(matrix.cell("none", "none")).contains(HALF);
    assertThat(matrix.cell("none", "symmetric")).isEmpty();
    assertThat(matrix.total()).isEqualTo(new Proportion(2, 4));
    assertThat(of(List.of(), List.of()).total()).isEqualTo(new Proportion(0, 0));
  }

  @Test
  void aMatrixThatContradictsItself_isRefused() {
    assertThatThrownBy(() -> of(List.of(NONE), List.of(HALF, HALF)))
        .hasMessage("\"none calls none\" is there twice");
    assertThatThrownBy(() -> of(List.of(), List.of(HALF)))
        .hasMessage("\"none calls none\" is no pair of the kinds measured");
    assertThatThrownBy(() -> of(List.of(NONE, NONE), List.of())).hasMessage("a kind of NAT twice");
    assertThatThrownBy(() -> new Kind("a--b", Difficulty.SYMMETRIC, ""))
        .hasMessage("\"a--b\" is no name of a kind of NAT");
  }

  @Test
  void aCellThatContradictsItself_isRefused() {
    assertThatThrownBy(() -> new Cell("a", "b", 1, 2, Map.of(), 1, 1, Map.of()))
        .hasMessage("2 connected in 1 runs");
    assertThatThrownBy(() -> new Cell("a", "b", 1, 1, Map.of(), 1, 1, Map.of()))
        .hasMessage("the rungs {} do not add up to 1");
    assertThatThrownBy(() -> new Cell("a", "b", 1, 0, Map.of(), Double.NaN, Double.NaN, Map.of()))
        .hasMessage("the failures {} do not add up to 1");
    assertThatThrownBy(
            () -> new Cell("a", "b", 1, 0, Map.of(), 1, Double.NaN, Map.of("no answer", 1)))
        .hasMessageContaining("a median of 1.0 round trips of 0 connections");
    assertThatThrownBy(() -> new Cell("a", "b", 1, 1, Map.of("local", 1), 3, 2, Map.of()))
        .hasMessageContaining("above the 95th percentile");
  }

  @Test
  void aPair_isAsHardAsItsHarderEnd() {
    assertThat(Difficulty.FULL_CONE.or(Difficulty.SYMMETRIC)).isEqualTo(Difficulty.SYMMETRIC);
    assertThat(Difficulty.PORT_RESTRICTED.or(Difficulty.ADDRESS_RESTRICTED))
        .isEqualTo(Difficulty.PORT_RESTRICTED);
    assertThat(Difficulty.of(Behavior.ADDRESS_DEPENDENT, Behavior.ENDPOINT_INDEPENDENT))
        .isEqualTo(Difficulty.SYMMETRIC);
    assertThat(Difficulty.of(Behavior.ENDPOINT_INDEPENDENT, Behavior.ADDRESS_DEPENDENT))
        .isEqualTo(Difficulty.ADDRESS_RESTRICTED);
  }
}
