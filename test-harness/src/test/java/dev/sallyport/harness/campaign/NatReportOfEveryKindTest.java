package dev.sallyport.harness.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.natreport.Line;
import dev.sallyport.app.natreport.NatReport;
import dev.sallyport.app.natreport.NatType;
import dev.sallyport.app.natreport.Rates;
import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.CarrierSign;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatName;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.harness.natbox.NatBehavior;
import dev.sallyport.harness.natbox.PortChoice;
import dev.sallyport.harness.scenario.NatKind;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code sallyport nat} says of each NAT of the lab, if all of it is found out. */
class NatReportOfEveryKindTest {
  private static final int SURE = 80;

  @ParameterizedTest
  @EnumSource(NatKind.class)
  void theReport_isTrueOfTheKind(NatKind kind) {
    NatReport report = new NatReport(found(kind), Rates.shipped());
    String text = report.lines().stream().map(Line::text).collect(Collectors.joining("\n"));

    NatName name = report.name(Transport.TCP);
    assertThat(name).isNotNull();
    assertThat(name == NatName.SYMMETRIC)
        .isEqualTo(kind.mapping() != Behavior.ENDPOINT_INDEPENDENT);
    assertThat(name == NatName.OPEN_INTERNET || name == NatName.SYMMETRIC_FIREWALL)
        .isEqualTo(!kind.translates());
    assertThat(name == NatName.FULL_CONE || name == NatName.OPEN_INTERNET)
        .isEqualTo(kind.filtering() == Behavior.ENDPOINT_INDEPENDENT);
    assertThat(text).startsWith(Objects.requireNonNull(name).words());
    assertThat(text).contains(kind.filtering().words()).doesNotContain("guess");
    if (kind.translates()) {
      assertThat(text).contains(kind.mapping().words());
    }
    assertThat(report.types()).hasSize(1);
    NatType type = report.types().iterator().next();
    assertThat(type.profile().tcpMapping().value()).isEqualTo(kind.mapping());
    assertThat(type.profile().tcpFiltering().value()).isEqualTo(kind.filtering());
  }

  private static NatRunner.Result found(NatKind kind) {
    NatProfile profile =
        new NatProfile(
            Finding.of(kind.mapping(), SURE),
            Finding.of(kind.behavior().udpMapping(), SURE),
            Finding.of(kind.filtering(), SURE),
            Finding.of(kind.behavior().udpFiltering(), SURE),
            Finding.of(allocation(kind.behavior()), SURE),
            kind.filtering() == Behavior.ENDPOINT_INDEPENDENT
                ? Finding.unknown()
                : Finding.of(kind.unsolicitedSyn(), SURE),
            false,
            false);
    List<InetAddress> host = List.of(address("192.168.10.10"));
    List<InetAddress> outside = kind.translates() ? List.of(address("198.18.10.2")) : host;
    return new NatRunner.Result(
        new NatDiagnosis(
            profile,
            Finding.of(outside, SURE),
            Finding.of(kind.translates(), SURE),
            Set.<CarrierSign>of(),
            2,
            2),
        host,
        List.of(40_001),
        List.of(observer()),
        List.of(),
        null,
        Duration.ofSeconds(3));
  }

  private static SourceReport observer() {
    SourceReport.Contact answered = SourceReport.Contact.answered(Duration.ofMillis(50));
    return new SourceReport(
        "198.18.1.1:3478",
        Observation.Source.STUN,
        Endpoint.parse("198.18.1.1:3478"),
        answered,
        answered,
        Set.of(),
        1,
        1);
  }

  private static PortAllocation allocation(NatBehavior behavior) {
    return switch (behavior.ports()) {
      case PortChoice.Preserving preserving -> new PortAllocation.Preserving();
      case PortChoice.Overloading overloading -> new PortAllocation.Preserving();
      case PortChoice.Sequential sequential -> new PortAllocation.Sequential(sequential.step());
      case PortChoice.Random random -> new PortAllocation.Random(1024, 65_535);
      case PortChoice.Block block -> new PortAllocation.Block(40_960, 41_471);
    };
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }
}
