package dev.sallyport.app.natreport;

import static dev.sallyport.domain.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static dev.sallyport.domain.nat.Behavior.ENDPOINT_INDEPENDENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.CarrierSign;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.NatName;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.SourceReport.Contact;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the report means, whatever its words are. */
class NatReportTest {
  private static final Contact ANSWERED = Contact.answered(Duration.ofMillis(51));
  private static final Contact SILENT = Contact.failed("no answer");

  @ParameterizedTest
  @EnumSource(NatType.class)
  void theFirstLine_isTheNameThatPeopleKnow(NatType type) {
    NatName name =
        switch (type) {
          case OPEN -> NatName.OPEN_INTERNET;
          case FULL_CONE -> NatName.FULL_CONE;
          case RESTRICTED_CONE -> NatName.RESTRICTED_CONE;
          case PORT_RESTRICTED, PORT_RESTRICTED_REFUSING -> NatName.PORT_RESTRICTED_CONE;
          case SYMMETRIC_SEQUENTIAL, SYMMETRIC_BLOCK, SYMMETRIC_RANDOM -> NatName.SYMMETRIC;
        };
    NatReport report = Found.behind(type).report();

    assertThat(report.lines().getFirst().label()).isEqualTo("NAT type");
    assertThat(report.lines().getFirst().text()).startsWith(name.words());
    assertThat(report.name(Transport.TCP)).isEqualTo(name);
    assertThat(text(report)).doesNotContain("guess", "not known");
  }

  @ParameterizedTest
  @EnumSource(NatType.class)
  void theWholeReport_fitsOnAScreen_inShortLines(NatType type) {
    List<Line> lines = Found.behind(type).report().lines();

    assertThat(lines).hasSizeLessThan(28);
    assertThat(lines).allMatch(line -> !line.kept() || line.text().length() <= 68);
    assertThat(lines).allMatch(line -> line.label().length() < 12);
  }

  @Test
  void wordsOfTheRfc_standBesideTheirMeaning_andHowSureTheyAre() {
    String text = text(Found.behind(NatType.PORT_RESTRICTED).report());

    assertThat(text)
        .contains("endpoint-independent (TCP, UDP: 80 % sure): one port for everybody")
        .contains("address-and-port-dependent (TCP, UDP: 80 % sure): only the very");
  }

  @Test
  void aGuess_isCalledOne_andDoesNotMakeAName() {
    Found found =
        Found.behind(NatType.PORT_RESTRICTED)
            .filtering(
                Finding.of(ADDRESS_AND_PORT_DEPENDENT, 40),
                Finding.of(ADDRESS_AND_PORT_DEPENDENT, 40));
    NatReport report = found.report();

    assertThat(report.name(Transport.TCP)).isNull();
    assertThat(report.lines().getFirst().text())
        .doesNotContain("port restricted cone")
        .contains("a guess (40 %)");
    assertThat(text(report)).contains("TCP a guess (40 %): address-and-port-dependent");
  }

  @Test
  void oneWitness_namesNothing_foretellsNothing_andSaysWhatWouldHelp() {
    Found found =
        Found.nothing()
            .stun("198.18.1.1:3478")
            .witnesses(1, 1)
            .external("198.18.10.2", 40)
            .translated(Finding.of(true, 40))
            .allocation(Finding.of(new PortAllocation.Preserving(), 40));
    NatReport report = found.report();

    assertThat(report.lines().getFirst().text())
        .contains("a guess", "not known", "one observer alone cannot tell");
    assertThat(text(report)).contains("works with cannot be said").doesNotContain("100 %");
    assertThat(report.advice()).anyMatch(s -> s.contains("two observers"));
  }

  @Test
  void theDhtAlone_saysNothingOfTcp_butAGuess() {
    Found found =
        Found.nothing()
            .dht(8)
            .witnesses(0, 5)
            .external("198.18.10.2", 95)
            .translated(Finding.of(true, 80))
            .mapping(Finding.unknown(), Finding.of(ENDPOINT_INDEPENDENT, 60));
    NatReport report = found.report();

    assertThat(report.name(Transport.TCP)).isNull();
    assertThat(report.isGuess()).isTrue();
    assertThat(report.types()).contains(NatType.FULL_CONE).doesNotContain(NatType.SYMMETRIC_RANDOM);
    assertThat(text(report)).contains("they see UDP only", "a guess", "If the guess is right: ");
    assertThat(report.advice()).anyMatch(s -> s.contains("--no-stun"));
  }

  @Test
  void nobodyAnswers_isNoVerdictOnTheNat() {
    Found found = Found.nothing().source("198.18.1.1:3478", SILENT, SILENT, Set.of()).dht(0);
    String text = text(found.report());

    assertThat(text).startsWith("NAT type not known: nobody outside answers");
    assertThat(text).contains("firewall", "another network").doesNotContain("symmetric", "%");
  }

  @Test
  void udpBlocked_isSaid_andWhatFollowsForTheDht() {
    Found found =
        Found.behind(NatType.PORT_RESTRICTED)
            .noSources()
            .source("198.18.1.1:3478", ANSWERED, SILENT, EnumSet.of(Ability.DIAL_BACK))
            .source("198.18.1.2:3478", ANSWERED, SILENT, Set.of())
            .dht(0)
            .witnesses(2, 0)
            .mapping(Finding.of(ENDPOINT_INDEPENDENT, 80), Finding.unknown())
            .filtering(Finding.of(ADDRESS_AND_PORT_DEPENDENT, 80), Finding.unknown());
    NatReport report = found.report();

    assertThat(report.lines().getFirst().text()).startsWith("port restricted cone");
    assertThat(report.name(Transport.UDP)).isEqualTo(NatName.BLOCKED);
    assertThat(text(report)).contains("UDP seems blocked", "no UDP (no answer)");
    assertThat(report.advice().getFirst()).contains("DHT needs UDP", "--rendezvous file:");
  }

  @Test
  void tcpUnanswered_mayBeTheServersFault_soNothingIsForetold() {
    Found found =
        Found.behind(NatType.PORT_RESTRICTED)
            .noSources()
            .source("198.18.1.1:3478", SILENT, ANSWERED, Set.of())
            .source("198.18.1.2:3478", SILENT, ANSWERED, Set.of())
            .witnesses(0, 2)
            .mapping(Finding.unknown(), Finding.of(ENDPOINT_INDEPENDENT, 80));
    String text = text(found.report());

    assertThat(text).contains("blocked, or those asked speak UDP only", "connects over TCP");
    assertThat(text).contains("works with cannot be said").doesNotContain("100 %");
  }

  @Test
  void twoTransports_twoNames() {
    Found found =
        Found.behind(NatType.SYMMETRIC_RANDOM)
            .mapping(
                Finding.of(ADDRESS_AND_PORT_DEPENDENT, 80), Finding.of(ENDPOINT_INDEPENDENT, 80));
    List<Line> lines = found.report().lines();

    assertThat(lines.get(0).text()).startsWith("for TCP symmetric");
    assertThat(lines.get(1).text()).startsWith("for UDP port restricted cone");
    assertThat(text(found.report())).contains("TCP address-and-port-dependent", "UDP endpoint-");
  }

  @Test
  void aProvidersNat_isNamedWithTheReason_andForwardingIsNotAdvised() {
    Found found =
        Found.behind(NatType.SYMMETRIC_BLOCK)
            .signs(CarrierSign.PORT_BLOCK, CarrierSign.EXTERNAL_ADDRESS_PRIVATE);
    NatReport report = found.report();

    assertThat(text(report)).contains("second NAT probably", "private address", "one block");
    assertThat(report.advice()).noneMatch(s -> s.contains("let your router forward"));
    assertThat(report.advice()).anyMatch(s -> s.contains("public IPv4 address"));
  }

  @Test
  void aFirewallWithoutANat_isCalledSo_andNothingIsForwarded() {
    NatReport report = Found.behind(NatType.PORT_RESTRICTED).untranslated().report();

    assertThat(report.lines().getFirst().text())
        .startsWith("symmetric firewall")
        .contains("no NAT");
    assertThat(text(report)).contains("that is what others see").doesNotContain("mapping");
    assertThat(report.advice()).noneMatch(s -> s.contains("forward"));
  }

  @Test
  void ipv6_andHairpin_areToldWhereTheyAreKnown() {
    String without = text(Found.behind(NatType.FULL_CONE).report());
    String with = text(Found.behind(NatType.FULL_CONE).ipv6().hairpin(Hairpin.SILENT).report());

    assertThat(without).doesNotContain("IPv6", "hairpin");
    assertThat(with).contains("IPv6 this computer has a global", "hairpin calling your own");
  }

  @Test
  void whatWorks_isAllForAnOpenSide_andLessForASymmetricOne() {
    assertThat(text(Found.behind(NatType.OPEN).report())).contains("through to everybody");
    assertThat(Found.behind(NatType.OPEN).report().advice()).hasSize(1);
    assertThat(Found.behind(NatType.SYMMETRIC_RANDOM).report().outlooks())
        .anyMatch(Outlook::fails)
        .anyMatch(Outlook::works);
  }

  @Test
  void whatIsTriedWithAPeer_isToldForEachTypeItMayBe() {
    String text =
        lines(Found.behind(NatType.PORT_RESTRICTED).report().lines(PeerNat.named("symmetric")));

    assertThat(text)
        .contains("predictable ports", "random ports", "foretell the port: the peer's NAT's")
        .contains("many ports at once: the peer's NAT's");
    assertThat(
            lines(
                Found.behind(NatType.SYMMETRIC_RANDOM).report().lines(PeerNat.named("symmetric"))))
        .contains("nothing to try: both NATs");
  }

  @Test
  void aRecord_saysMoreThanATable_whereThereIsAShortcut() {
    NatReport report = Found.behind(NatType.SYMMETRIC_RANDOM).ipv6().report();
    NatProfile peer = NatType.SYMMETRIC_RANDOM.profile();

    assertThat(with(report, peer, CandidateKind.REFLEXIVE, "198.18.10.2:40000"))
        .contains("the same outer address");
    assertThat(with(report, peer, CandidateKind.REFLEXIVE, "198.18.20.2:40000"))
        .doesNotContain("the same outer address");
    assertThat(with(report, peer, CandidateKind.ADVERTISED, "198.18.20.2:8765"))
        .contains("opened a door", "198.18.20.2:8765");
    assertThat(with(report, peer, CandidateKind.HOST, "[2001:db8::1]:8765")).contains("IPv6");
    assertThat(with(report, NatProfile.unknown(), CandidateKind.REFLEXIVE, "198.18.20.2:8765"))
        .contains("does not say what NAT")
        .doesNotContain("100 %");
  }

  private static String with(
      NatReport report, NatProfile profile, CandidateKind kind, String endpoint) {
    Candidate candidate = new Candidate(kind, Endpoint.parse(endpoint));
    return lines(report.lines(PeerNat.recorded("Id(x)", profile, List.of(candidate))));
  }

  private static String text(NatReport report) {
    return lines(report.lines());
  }

  private static String lines(List<Line> lines) {
    return lines.stream()
        .map(line -> (line.label() + " " + line.text()).strip())
        .collect(Collectors.joining("\n"));
  }
}
