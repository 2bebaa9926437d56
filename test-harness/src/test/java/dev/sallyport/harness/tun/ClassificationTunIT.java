package dev.sallyport.harness.tun;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.topology.ClassificationContract;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

final class ClassificationTunIT extends ClassificationContract {
  ClassificationTunIT() {
    super(new TunFabric());
  }

  @Override
  protected Stream<NatKind> kinds() {
    return Arrays.stream(NatKind.values());
  }

  @TestFactory
  Stream<DynamicTest> withOneObserver_itIsNeverConfidentlyWrong() {
    return tests(Observers.ONE, kinds());
  }

  @TestFactory
  Stream<DynamicTest> withTheDhtAlone_itIsNeverConfidentlyWrong() {
    return tests(
        Observers.DHT_ALONE,
        Stream.of(NatKind.FULL_CONE, NatKind.SYMMETRIC, NatKind.CGN_BLOCK_ARBITRARY));
  }
}
