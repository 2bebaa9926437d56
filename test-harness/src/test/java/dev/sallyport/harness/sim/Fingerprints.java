package dev.sallyport.harness.sim;

import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All that happens in a few trials, each in one line: to compare two runs, also of two JVMs. */
final class Fingerprints {
  private Fingerprints() {}

  public static void main(String[] args) {
    all(Long.parseLong(args[0])).forEach(System.out::println);
  }

  static List<String> all(long seed) {
    List<String> lines = new ArrayList<>();
    NetworkPath path =
        new NetworkPath(Duration.ofMillis(40), 3, seed).uneven(Duration.ofMillis(5), 3);
    for (NatKind client : NatKind.values()) {
      for (NatKind server : NatKind.values()) {
        Recorder recorder = new Recorder();
        TrialResult result = Trial.play(Scenario.between(client, server).over(path), recorder);
        lines.add(client + " " + server + " " + result + " " + Long.toHexString(recorder.hash));
      }
    }
    return lines;
  }

  /** Every packet, every decision and every report, in their order, as one number. */
  private static final class Recorder implements TrialObserver {
    private long hash;

    @Override
    public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
      add(from.name() + to + packet + leaves + " " + arrives);
    }

    @Override
    public void lost(Spot from, Spot to, Packet packet, long leaves) {
      add("lost" + from + to + packet + leaves);
    }

    @Override
    public void judged(Spot at, Verdict verdict, Packet packet, long now) {
      add(at.name() + verdict + packet + now);
    }

    @Override
    public void progress(Spot at, Progress progress, long now) {
      add(at.name() + progress + now);
    }

    @Override
    public void moment(Spot at, String what, long now) {
      add(at.name() + what + now);
    }

    private void add(String event) {
      hash = hash * 1_000_003 + event.hashCode();
    }
  }
}
