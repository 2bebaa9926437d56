package dev.sallyport.harness.tun;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.topology.ClassificationContract;
import java.util.Arrays;
import java.util.stream.Stream;

final class ClassificationTunIT extends ClassificationContract {
  ClassificationTunIT() {
    super(new TunFabric());
  }

  @Override
  protected Stream<NatKind> kinds() {
    String only = System.getProperty("only"); return Arrays.stream(NatKind.values()).filter(k -> only == null || only.contains(k.name()));
  }
}
