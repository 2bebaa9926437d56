package dev.sallyport.harness.matrix;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Every kind of NAT calling every kind, or as many of these pairs as were measured. Immutable. Two
 * measurements of one version with one seed differ at most in {@code generatedAt} and {@code wall},
 * if the fabric runs in virtual time.
 *
 * @param fabric what the networks were made of: {@code sim}, {@code tun} or {@code nft}
 * @param seed of everything random
 * @param oneWay the path's delay from host to host
 * @param lossPercent how many of 100 packets the path lost, from host to host, 0 to 100
 * @param conditions what else was not as usual, in words; empty if nothing
 * @param repeat how many runs a pair was to have, at least 1
 * @param kinds what was measured, in the order to show it in; no word twice
 * @param cells at most one for each pair of kinds, client and server
 * @param command what to type to measure it again
 * @param generatedAt when it was done
 * @param wall how long it took
 */
public record Matrix(
    String fabric,
    long seed,
    Duration oneWay,
    double lossPercent,
    String conditions,
    int repeat,
    List<Kind> kinds,
    List<Cell> cells,
    String command,
    Instant generatedAt,
    Duration wall) {

  public Matrix {
    kinds = List.copyOf(kinds);
    cells = List.copyOf(cells);
    if (fabric.isBlank()) {
      throw new IllegalArgumentException("a matrix of no fabric");
    }
    if (oneWay.isNegative() || wall.isNegative()) {
      throw new IllegalArgumentException("a time below 0: " + oneWay + " or " + wall);
    }
    if (!(lossPercent >= 0 && lossPercent <= 100)) {
      throw new IllegalArgumentException("a loss of " + lossPercent + " %");
    }
    if (repeat < 1) {
      throw new IllegalArgumentException(repeat + " runs a pair");
    }
    Set<String> words = kinds.stream().map(Kind::word).collect(Collectors.toSet());
    if (words.size() < kinds.size()) {
      throw new IllegalArgumentException("a kind of NAT twice");
    }
    Set<List<String>> pairs = new HashSet<>();
    for (Cell cell : cells) {
      String name = cell.client() + " calls " + cell.server();
      if (!words.contains(cell.client()) || !words.contains(cell.server())) {
        throw new IllegalArgumentException("\"" + name + "\" is no pair of the kinds measured");
      }
      if (!pairs.add(List.of(cell.client(), cell.server()))) {
        throw new IllegalArgumentException("\"" + name + "\" is there twice");
      }
    }
  }

  /** The cell of this pair, if it was measured. */
  public Optional<Cell> cell(String client, String server) {
    return cells.stream()
        .filter(cell -> cell.client().equals(client) && cell.server().equals(server))
        .findFirst();
  }

  /** How many of all attempts connected. */
  public Proportion total() {
    return cells.stream().map(Cell::proportion).reduce(new Proportion(0, 0), Proportion::plus);
  }
}
