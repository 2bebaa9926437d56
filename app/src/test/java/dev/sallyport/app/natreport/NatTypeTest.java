package dev.sallyport.app.natreport;

import static dev.sallyport.app.natreport.NatType.FULL_CONE;
import static dev.sallyport.app.natreport.NatType.OPEN;
import static dev.sallyport.app.natreport.NatType.PORT_RESTRICTED;
import static dev.sallyport.app.natreport.NatType.PORT_RESTRICTED_REFUSING;
import static dev.sallyport.app.natreport.NatType.RESTRICTED_CONE;
import static dev.sallyport.app.natreport.NatType.SYMMETRIC_BLOCK;
import static dev.sallyport.app.natreport.NatType.SYMMETRIC_RANDOM;
import static dev.sallyport.app.natreport.NatType.SYMMETRIC_SEQUENTIAL;
import static dev.sallyport.domain.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static dev.sallyport.domain.nat.Behavior.ADDRESS_DEPENDENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NatTypeTest {
  @ParameterizedTest
  @EnumSource(NatType.class)
  void whoeverKnowsAllOfAType_isOfThatTypeOnly(NatType type) {
    assertThat(NatType.of(type.profile(), Finding.of(type != OPEN, 80))).containsExactly(type);
  }

  @Test
  void whatIsNotKnown_leavesEveryTypeThatFits() {
    Found cone = Found.behind(FULL_CONE).answer(Finding.unknown());
    cone.filtering(Finding.unknown(), Finding.unknown());
    assertThat(cone.report().types())
        .containsExactly(FULL_CONE, RESTRICTED_CONE, PORT_RESTRICTED, PORT_RESTRICTED_REFUSING);

    Found silent = Found.behind(PORT_RESTRICTED).answer(Finding.unknown());
    assertThat(silent.report().types()).containsExactly(PORT_RESTRICTED, PORT_RESTRICTED_REFUSING);

    Found symmetric = Found.behind(SYMMETRIC_BLOCK).allocation(Finding.unknown());
    assertThat(symmetric.report().types())
        .containsExactly(SYMMETRIC_SEQUENTIAL, SYMMETRIC_BLOCK, SYMMETRIC_RANDOM);

    assertThat(NatType.of(NatProfile.unknown(), Finding.unknown()))
        .isEqualTo(EnumSet.allOf(NatType.class));
    assertThat(NatType.of(NatProfile.unknown(), Finding.of(true, 80))).doesNotContain(OPEN);
  }

  @Test
  void aGuess_countsAsUnknown_butSomebodyWhoGotIn_didGetIn() {
    Found guessed = Found.behind(PORT_RESTRICTED).answer(Finding.unknown());
    guessed.filtering(Finding.of(ADDRESS_AND_PORT_DEPENDENT, 40), Finding.unknown());
    assertThat(guessed.report().types()).hasSize(4);

    guessed.filtering(Finding.of(ADDRESS_DEPENDENT, 40), Finding.unknown());
    assertThat(guessed.report().types()).containsExactly(FULL_CONE, RESTRICTED_CONE);
  }

  @Test
  void anotherPortForEach_butAlwaysOurOwn_isLikeACone() {
    Found found =
        Found.behind(PORT_RESTRICTED)
            .mapping(Finding.of(ADDRESS_AND_PORT_DEPENDENT, 80), Finding.unknown())
            .allocation(Finding.of(new PortAllocation.Preserving(), 80));
    assertThat(found.report().types()).containsExactly(PORT_RESTRICTED);
  }

  @Test
  void anIcmpError_isARefusal_andAHeldSynIsNone() {
    Found found = Found.behind(PORT_RESTRICTED);
    assertThat(found.answer(Finding.of(UnsolicitedSyn.ICMP, 80)).report().types())
        .containsExactly(PORT_RESTRICTED_REFUSING);
    assertThat(found.answer(Finding.of(UnsolicitedSyn.HOLD, 80)).report().types())
        .containsExactly(PORT_RESTRICTED);
  }

  @Test
  void mappingByAddress_isAsHardAsSymmetric() {
    Found found =
        Found.behind(SYMMETRIC_RANDOM)
            .mapping(Finding.of(ADDRESS_DEPENDENT, 60), Finding.unknown());
    assertThat(found.report().types()).containsExactly(SYMMETRIC_RANDOM);
  }

  @ParameterizedTest
  @CsvSource({
    "symmetric, 3",
    "Symmetric NAT, 3",
    "symmetric-random, 1",
    "port-restricted, 2",
    "Port Restricted Cone, 2",
    "port_restricted_cone_nat, 2",
    "full cone, 1",
    "open, 1",
    "No NAT, 1",
    "moderate, 3",
    "strict, 5",
    "symmetric firewall, 2",
    "cgn-block-paired, 1"
  })
  void names_areTakenAsPeopleWriteThem(String name, int types) {
    assertThat(PeerNat.named(name).types()).hasSize(types);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nat", "cone", "no-simultaneous-open", "blocked"})
  void otherNames_areRefusedWithTheValidOnes(String name) {
    assertThatThrownBy(() -> PeerNat.named(name))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("\"" + name + "\"", "full-cone", "symmetric", "Id(");
  }

  @Test
  void theTable_hasEveryPair_andSaysSoIfItHasNot() {
    String table = "calls 10\npath none\nserves none full-cone\nnone 10 9\nfull-cone 10 10\n";
    assertThatThrownBy(() -> Rates.parse(table)).hasMessageContaining("lacks a pair");
    assertThatThrownBy(() -> Rates.parse(table.replace("none 10 9", "none 10")))
        .hasMessageContaining("a row of 1");
    assertThatThrownBy(() -> Rates.parse(table.replace("10 9", "10 11")))
        .hasMessageContaining("11 of 10");
    assertThatThrownBy(() -> Rates.parse(table.replace("full-cone", "half-cone")))
        .hasMessageContaining("half-cone");
  }

  @Test
  void aRange_reachesFromTheWorstPairToTheBest_andRoundsNothingToAllOrNone() {
    EnumSet<NatType> all = EnumSet.allOf(NatType.class);
    StringBuilder table = new StringBuilder("calls 1000\npath x\nserves");
    all.forEach(type -> table.append(' ').append(type.word()));
    for (NatType type : all) {
      table.append('\n').append(type.word()).append(" 999".repeat(all.size() - 1));
      table.append(type == OPEN ? " 0" : " 1");
    }
    Rates rates = Rates.parse(table.toString());
    assertThat(rates.between(EnumSet.of(OPEN), all)).isEqualTo(new Rates.Range(0, 99));
    assertThat(rates.between(EnumSet.of(FULL_CONE), EnumSet.of(SYMMETRIC_RANDOM)).words())
        .isEqualTo("1 %");
  }
}
