package dev.sallyport.harness.explain;

import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.sim.TrialObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Writes down what happens in one trial: every hop of every packet, what each NAT decided, what the
 * machines told their users. Bounded: of more than {@value #MOST} entries the later ones are
 * counted only.
 */
public final class Trace implements TrialObserver {
  static final int MOST = 100_000;

  /** Something that happened, when, and where. */
  sealed interface Entry {
    Spot at();

    long nanos();
  }

  /** A packet leaves for the next spot. It never arrives if {@code arrives} is negative. */
  record Hop(Spot at, Spot to, Packet packet, long nanos, long arrives) implements Entry {
    boolean lost() {
      return arrives < 0;
    }
  }

  /** A NAT has decided. */
  record Judged(Spot at, Verdict verdict, Packet packet, long nanos) implements Entry {}

  /** A machine has told its user something. */
  record Told(Spot at, Progress progress, long nanos) implements Entry {}

  /** Something began or ended. */
  record Moment(Spot at, String what, long nanos) implements Entry {}

  private final List<Entry> entries = new ArrayList<>();
  private int unwritten;

  /** All entries, in the order they happened. */
  List<Entry> entries() {
    return Collections.unmodifiableList(entries);
  }

  /** How many entries there was no room for. */
  int unwritten() {
    return unwritten;
  }

  @Override
  public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
    add(new Hop(from, to, packet, leaves, arrives));
  }

  @Override
  public void lost(Spot from, Spot to, Packet packet, long leaves) {
    add(new Hop(from, to, packet, leaves, -1));
  }

  @Override
  public void judged(Spot at, Verdict verdict, Packet packet, long now) {
    add(new Judged(at, verdict, packet, now));
  }

  @Override
  public void progress(Spot at, Progress progress, long now) {
    add(new Told(at, progress, now));
  }

  @Override
  public void moment(Spot at, String what, long now) {
    add(new Moment(at, what, now));
  }

  private void add(Entry entry) {
    if (entries.size() < MOST) {
      entries.add(entry);
    } else {
      unwritten++;
    }
  }
}
