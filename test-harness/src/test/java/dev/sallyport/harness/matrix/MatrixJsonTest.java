package dev.sallyport.harness.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.jr.ob.JSON;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MatrixJsonTest {
  private static final Matrix MATRIX =
      new Matrix(
          "sim",
          42,
          Duration.ofMillis(25),
          0.5,
          "no STUN",
          50,
          List.of(
              new Kind("full-cone", Difficulty.FULL_CONE, "lets \"anyone\" in"),
              new Kind("symmetric", Difficulty.SYMMETRIC, "")),
          List.of(
              new Cell("full-cone", "symmetric", 50, 49, rungs(), 1.5, 2.25, Map.of("no <SYN>", 1)),
              new Cell(
                  "symmetric",
                  "symmetric",
                  50,
                  0,
                  Map.of(),
                  Double.NaN,
                  Double.NaN,
                  Map.of("out of time", 50))),
          "./lab matrix --seed 42",
          Instant.parse("2026-11-22T21:00:00Z"),
          Duration.ofSeconds(3));

  private static Map<String, Integer> rungs() {
    Map<String, Integer> rungs = new LinkedHashMap<>();
    rungs.put("external", 40);
    rungs.put("direct", 9);
    return rungs;
  }

  private static String rejection(String text) {
    MatrixFormatException e =
        catchThrowableOfType(MatrixFormatException.class, () -> MatrixJson.read(text));
    assertThat(e).as(text).isNotNull();
    return String.valueOf(e.getMessage());
  }

  @Test
  void whatIsWritten_isReadAgain() throws Exception {
    String json = MatrixJson.write(MATRIX);
    assertThat(MatrixJson.read(json)).isEqualTo(MATRIX);
    assertThat(MatrixJson.write(MatrixJson.read(json))).isEqualTo(json);
  }

  @Test
  void theFields_standInTheirOrder_aCellALine() throws Exception {
    String json = MatrixJson.write(MATRIX);
    assertThat(JSON.std.mapFrom(json).keySet())
        .containsExactly(
            "fabric",
            "seed",
            "oneWayMs",
            "lossPercent",
            "conditions",
            "repeat",
            "command",
            "generatedAt",
            "wallMs",
            "kinds",
            "cells");
    assertThat(json.lines())
        .contains(
            "\"fabric\":\"sim\",",
            "{\"client\":\"full-cone\",\"server\":\"symmetric\",\"runs\":50,\"connected\":49,"
                + "\"low\":0.895,\"high\":0.9965,\"rungs\":{\"external\":40,\"direct\":9},"
                + "\"medianRtts\":1.5,\"p95Rtts\":2.25,\"failures\":{\"no <SYN>\":1}},",
            "{\"client\":\"symmetric\",\"server\":\"symmetric\",\"runs\":50,\"connected\":0,"
                + "\"low\":0.0,\"high\":0.0713,\"rungs\":{},"
                + "\"medianRtts\":null,\"p95Rtts\":null,\"failures\":{\"out of time\":50}}");
  }

  @Test
  void onlyTheDateAndTheWallClock_differBetweenTwoOfOneSeed() {
    Matrix later =
        new Matrix(
            MATRIX.fabric(),
            MATRIX.seed(),
            MATRIX.oneWay(),
            MATRIX.lossPercent(),
            MATRIX.conditions(),
            MATRIX.repeat(),
            MATRIX.kinds(),
            MATRIX.cells(),
            MATRIX.command(),
            MATRIX.generatedAt().plusSeconds(60),
            MATRIX.wall().plusSeconds(1));
    List<String> lines = MatrixJson.write(MATRIX).lines().toList();
    assertThat(MatrixJson.write(later).lines().filter(line -> !lines.contains(line)))
        .allMatch(line -> line.startsWith("\"generatedAt\"") || line.startsWith("\"wall"))
        .hasSize(2);
  }

  @Test
  void unknownFields_areSkipped() throws Exception {
    String json = MatrixJson.write(MATRIX).replaceFirst("\\{", "{\"wallNote\":[1,{}],");
    assertThat(MatrixJson.read(json)).isEqualTo(MATRIX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "no", "[]", "7", "null", "{\"fabric\":", "{}{"})
  void whatIsNoObject_isRejectedInOneSentence(String text) {
    assertThat(rejection(text)).startsWith("This is no matrix that can be read: ").endsWith(".");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"seed\":42 | \"seed\":\"x\" | in the matrix, \"seed\" is no whole number",
        "\"seed\":42, | '' | in the matrix, \"seed\" is missing",
        "\"seed\":42 | \"seed\":99999999999999999999 | in the matrix, \"seed\" is no whole number",
        "\"repeat\":50 | \"repeat\":0 | in the matrix, 0 runs a pair",
        "2026-11-22T | yesterday | in the matrix, \"generatedAt\" is no moment",
        "\"connected\":49 | \"connected\":51 | in number 1 of its \"cells\", 51 connected in 50",
        "\"external\":40 | \"external\":\"40\" | \"rungs\" of number 1 of its \"cells\", \"external\"",
        "\"medianRtts\":1.5, | '' | in number 1 of its \"cells\", \"medianRtts\" is missing",
        "\"medianRtts\":1.5 | \"medianRtts\":[] | \"medianRtts\" is no number",
        "\"difficulty\":\"symmetric\" | \"difficulty\":\"odd\" | \"difficulty\" is unknown: \"odd\"",
        "\"word\":\"symmetric\" | \"word\":\"<b>\" | \"<b>\" is no name of a kind of NAT",
        "\"server\":\"symmetric\" | \"server\":\"none\" | \"full-cone calls none\" is no pair",
        "\"kinds\":[ | \"kinds\":[7, | number 1 of its \"kinds\" is no object",
        "\"kinds\":[ | \"kinds\":5,\"old\":[ | in the matrix, \"kinds\" is no list",
      })
  void whatIsWrong_isNamed(String from, String to, String message) {
    String json = MatrixJson.write(MATRIX);
    String broken = json.replace(from, to);
    assertThat(broken).isNotEqualTo(json);
    assertThat(rejection(broken)).contains(message).hasLineCount(1).hasSizeLessThan(400);
  }

  @Test
  void aTextThatWasDamagedAnyhow_isReadOrRejected_neverAnythingElse() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String json = MatrixJson.write(MATRIX);
    for (int i = 0; i < 2000; i++) {
      StringBuilder damaged = new StringBuilder(json);
      for (int times = random.nextInt(3); times >= 0; times--) {
        int at = random.nextInt(damaged.length());
        damaged.setCharAt(at, json.charAt(random.nextInt(json.length())));
      }
      try {
        MatrixJson.read(damaged.toString());
      } catch (MatrixFormatException e) {
        assertThat(e).as("seed %d", seed).hasMessageEndingWith(".");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + damaged, e);
      }
    }
  }
}
