package dev.sallyport.harness.internet;

import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Tells how far it is, in so many lines at most. */
final class ProgressLines implements BiConsumer<Tally, Integer> {
  private final Consumer<String> out;
  private final int most;
  private long told;

  ProgressLines(Consumer<String> out, int most) {
    this.out = out;
    this.most = most;
  }

  @Override
  public void accept(Tally tally, Integer calls) {
    long part = tally.calls() * most / calls;
    if (part > told && tally.calls() < calls) {
      told = part;
      out.accept(
          "%,d of %,d calls, %.1f %% connected so far"
              .formatted(tally.calls(), calls, 100 * tally.connected().rate()));
    }
  }
}
