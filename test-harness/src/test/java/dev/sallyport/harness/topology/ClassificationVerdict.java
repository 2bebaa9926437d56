package dev.sallyport.harness.topology;

import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.harness.natbox.NatBehavior;
import dev.sallyport.harness.natbox.PortChoice;
import dev.sallyport.harness.scenario.NatKind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A diagnosis next to the truth. */
final class ClassificationVerdict {
  private static final int SURE = 50;

  private final NatKind kind;
  private final NatBehavior truth;
  private final NatDiagnosis diagnosis;
  private final @Nullable Hairpin hairpin;
  private final List<Integer> portsSeen;
  private final Collection<InetAddress> outer;
  private final List<String> wrong = new ArrayList<>();

  /**
   * @param outer all addresses that the NAT has outside
   */
  ClassificationVerdict(NatKind kind, NatRunner.Result result, Collection<InetAddress> outer) {
    this.kind = kind;
    this.truth = kind.behavior();
    this.diagnosis = result.diagnosis();
    this.hairpin = result.hairpin();
    this.outer = outer;
    this.portsSeen =
        result.evidence().stream()
            .filter(e -> e instanceof Observation o && o.transport() == Transport.TCP)
            .map(e -> ((Observation) e).observed())
            .map(Endpoint::port)
            .toList();
  }

  /** What is not known for certain, or wrong; none if every field is right. */
  List<String> notRight() {
    NatProfile profile = diagnosis.profile();
    sure("TCP mapping", profile.tcpMapping(), truth.tcpMapping());
    sure("UDP mapping", profile.udpMapping(), truth.udpMapping());
    sure("TCP filtering", profile.tcpFiltering(), truth.tcpFiltering());
    sure("UDP filtering", profile.udpFiltering(), truth.udpFiltering());
    if (truth.tcpFiltering() == Behavior.ENDPOINT_INDEPENDENT) {
      require("unsolicited SYN", !profile.unsolicitedSyn().isKnown(), profile.unsolicitedSyn());
    } else {
      sure("unsolicited SYN", profile.unsolicitedSyn(), truth.unsolicitedSyn());
    }
    Finding<PortAllocation> allocation = profile.allocation();
    require("allocation", isSure(allocation) && isRight(allocation), allocation);
    sure("translated", diagnosis.translated(), kind.translates());
    require(
        "carrier",
        profile.carrierGradeSuspected() == kind.name().startsWith("CGN"),
        diagnosis.carrierSigns());
    List<InetAddress> found = diagnosis.externalAddresses().value();
    boolean pool = kind == NatKind.CGN_BLOCK_ARBITRARY;
    require(
        "external addresses",
        found != null && outer.containsAll(found) && (found.size() > 1) == pool,
        diagnosis.externalAddresses());
    if (kind.translates() && kind.mapping() == Behavior.ENDPOINT_INDEPENDENT) {
      boolean turns = truth.hairpin() != dev.sallyport.harness.natbox.Hairpin.NONE;
      require("hairpin", hairpin != null && (hairpin == Hairpin.ARRIVES) == turns, "" + hairpin);
    }
    return wrong;
  }

  /** What is wrong although it is called certain. */
  List<String> confidentlyWrong() {
    NatProfile profile = diagnosis.profile();
    honest("TCP mapping", profile.tcpMapping(), truth.tcpMapping());
    honest("UDP mapping", profile.udpMapping(), truth.udpMapping());
    honest("TCP filtering", profile.tcpFiltering(), truth.tcpFiltering());
    honest("UDP filtering", profile.udpFiltering(), truth.udpFiltering());
    honest("unsolicited SYN", profile.unsolicitedSyn(), truth.unsolicitedSyn());
    Finding<PortAllocation> allocation = profile.allocation();
    require("allocation", !isSure(allocation) || isRight(allocation), allocation);
    honest("translated", diagnosis.translated(), kind.translates());
    List<InetAddress> found = diagnosis.externalAddresses().value();
    require(
        "external addresses",
        found == null || outer.containsAll(found),
        diagnosis.externalAddresses());
    return wrong;
  }

  private <T> void sure(String field, Finding<T> found, T expected) {
    require(field, isSure(found) && found.is(expected), found);
  }

  private <T> void honest(String field, Finding<T> found, T expected) {
    require(field, !isSure(found) || found.is(expected), found);
  }

  private static boolean isSure(Finding<?> finding) {
    return finding.confidence() >= SURE;
  }

  private void require(String field, boolean right, Object found) {
    if (!right) {
      wrong.add(field + ": " + found);
    }
  }

  private boolean isRight(Finding<PortAllocation> found) {
    if (kind.keepsPorts()) {
      return found.value() instanceof PortAllocation.Preserving;
    }
    return switch (truth.ports()) {
      case PortChoice.Preserving() -> false;
      case PortChoice.Overloading() -> false;
      case PortChoice.Sequential(int step) -> found.is(new PortAllocation.Sequential(step));
      case PortChoice.Random(int low, int high) ->
          found.value() instanceof PortAllocation.Random range
              && portsSeen.stream().allMatch(port -> range.low() <= port && port <= range.high())
              && range.low() >= PortChoice.LOWEST;
      case PortChoice.Block(int size) ->
          found.value() instanceof PortAllocation.Block block
              && block.high() - block.low() + 1 == size
              && (block.low() - PortChoice.LOWEST) % size == 0
              && portsSeen.stream().anyMatch(port -> block.low() <= port && port <= block.high());
    };
  }
}
