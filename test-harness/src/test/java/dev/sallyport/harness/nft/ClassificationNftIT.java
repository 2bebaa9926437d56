package dev.sallyport.harness.nft;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.topology.ClassificationContract;
import java.util.Arrays;
import java.util.stream.Stream;

final class ClassificationNftIT extends ClassificationContract {
  ClassificationNftIT() {
    super(new NftFabric());
  }

  @Override
  protected Stream<NatKind> kinds() {
    return Arrays.stream(NatKind.values()).filter(NatKind::nftCanPlay);
  }
}
