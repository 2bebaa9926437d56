package dev.sallyport.harness.nft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import org.junit.jupiter.api.Test;

final class NftFabricTest {
  @Test
  void aKindThatTheKernelCannotBe_isSaidSo_onEitherSide() {
    String sentence =
        "The kernel's NAT cannot be a juniper one, only none, full-cone, address-restricted,"
            + " port-restricted, port-restricted-rst, symmetric; tun can: add --fabric tun.";
    NftFabric fabric = new NftFabric();
    assertThat(fabric.missing(Scenario.between(NatKind.JUNIPER, NatKind.NONE))).isEqualTo(sentence);
    assertThat(fabric.missing(Scenario.between(NatKind.NONE, NatKind.JUNIPER))).isEqualTo(sentence);
  }
}
