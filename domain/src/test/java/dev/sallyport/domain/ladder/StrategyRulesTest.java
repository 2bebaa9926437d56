package dev.sallyport.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.ladder.Tactic.Kind;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.PortAllocation.Block;
import dev.sallyport.domain.nat.PortAllocation.Preserving;
import dev.sallyport.domain.nat.PortAllocation.Random;
import dev.sallyport.domain.nat.PortAllocation.Sequential;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rules by their numbers, each in both roles. */
class StrategyRulesTest {
  private static final NatProfile UNKNOWN = NatProfile.unknown();
  private static final NatProfile EASY = nat(Behavior.ENDPOINT_INDEPENDENT, 90, null, null);
  private static final NatProfile OPEN =
      nat(Behavior.ENDPOINT_INDEPENDENT, 90, Behavior.ENDPOINT_INDEPENDENT, null);
  private static final NatProfile STEPS = hard(new Sequential(1));
  private static final NatProfile RANDOM = hard(new Random(1024, 65535));
  private static final NatProfile BLOCK = hard(new Block(2048, 2559));

  @Test
  void rule1_withoutAHardSide_bothDialWhatIsKnown() {
    both(EASY, EASY, "OPEN by 1");
    both(EASY, UNKNOWN, "OPEN by 1");
    both(UNKNOWN, UNKNOWN, "OPEN by 1");
  }

  @Test
  void rule1_aNatThatKeepsPortsIsEasy_whateverItsMapping() {
    both(hard(new Preserving()), EASY, "OPEN by 1");
  }

  @Test
  void rule2_whoLetsEverybodyIn_needsNoGuessing() {
    both(RANDOM, OPEN, "OPEN by 2");
    both(STEPS, OPEN, "OPEN by 2");
  }

  @Test
  void rule3_steps_areForeseen() {
    assertThat(words(STEPS, EASY)).isEqualTo("PREDICTED caller by 3");
    assertThat(words(EASY, STEPS)).isEqualTo("PREDICTED service by 3");
    assertThat(words(UNKNOWN, STEPS)).isEqualTo("PREDICTED service by 3");
  }

  @Test
  void rule4_whatCannotBeForeseen_isMetByChance() {
    assertThat(words(RANDOM, EASY)).isEqualTo("BIRTHDAY caller by 4");
    assertThat(words(EASY, RANDOM)).isEqualTo("BIRTHDAY service by 4");
    assertThat(words(BLOCK, EASY)).isEqualTo("BIRTHDAY caller by 4");
    assertThat(words(EASY, hard(null))).isEqualTo("BIRTHDAY service guessed by 4");
  }

  @Test
  void rule5_aFilterByAddress_doesNotMindTheOthersPorts() {
    NatProfile lax =
        nat(
            Behavior.ADDRESS_AND_PORT_DEPENDENT,
            80,
            Behavior.ADDRESS_DEPENDENT,
            new Random(1024, 65535));
    NatProfile laxSteps =
        nat(
            Behavior.ADDRESS_AND_PORT_DEPENDENT,
            80,
            Behavior.ENDPOINT_INDEPENDENT,
            new Sequential(2));
    assertThat(words(lax, RANDOM)).isEqualTo("BIRTHDAY caller by 5");
    assertThat(words(RANDOM, lax)).isEqualTo("BIRTHDAY service by 5");
    assertThat(words(laxSteps, RANDOM)).isEqualTo("PREDICTED caller by 5");
    assertThat(words(lax, laxSteps)).isEqualTo("PREDICTED service by 5");
    assertThat(words(laxSteps, lax)).isEqualTo("PREDICTED caller by 5");
    assertThat(words(lax, lax)).isEqualTo("BIRTHDAY caller by 5");
  }

  @Test
  void rule6_twoThatStep_canBothBeForeseen() {
    both(STEPS, hard(new Sequential(-2)), "PREDICTED caller service by 6");
  }

  @Test
  void rule7_chanceOnBothEnds_isHopeless_soItIsSaid() {
    both(RANDOM, RANDOM, "IMPOSSIBLE caller service by 7");
    both(RANDOM, STEPS, "IMPOSSIBLE caller service by 7");
    both(BLOCK, STEPS, "IMPOSSIBLE caller service by 7");
    both(BLOCK, RANDOM, "IMPOSSIBLE caller service by 7");
  }

  @Test
  void rule7_aGuessNeverMakesUsGiveUp() {
    NatProfile guessed = nat(Behavior.ADDRESS_AND_PORT_DEPENDENT, 40, null, null);
    both(guessed, RANDOM, "OPEN guessed by 7");
  }

  @Test
  void rule7_nobodyGivesUpWhileItIsNotKnownHowPortsAreTaken() {
    both(hard(null), RANDOM, "OPEN guessed by 7");
  }

  @Test
  void aGuess_isMarkedAsOne() {
    NatProfile guessed = nat(Behavior.ADDRESS_AND_PORT_DEPENDENT, 40, null, new Sequential(1));
    assertThat(words(guessed, EASY)).isEqualTo("PREDICTED caller guessed by 3");
    assertThat(words(EASY, guessed)).isEqualTo("PREDICTED service guessed by 3");
  }

  /** Half the witnesses are enough, and a little less is not. */
  @Test
  void fromFiftyOn_aFindingIsNoGuess() {
    NatProfile sure = nat(Behavior.ADDRESS_AND_PORT_DEPENDENT, 50, null, new Sequential(1));
    NatProfile guessed = nat(Behavior.ADDRESS_AND_PORT_DEPENDENT, 49, null, new Sequential(1));
    assertThat(words(sure, EASY)).isEqualTo("PREDICTED caller by 3");
    assertThat(words(EASY, sure)).isEqualTo("PREDICTED service by 3");
    assertThat(words(guessed, EASY)).isEqualTo("PREDICTED caller guessed by 3");
    assertThat(words(EASY, guessed)).isEqualTo("PREDICTED service guessed by 3");
    assertThat(words(RANDOM, filtering(50))).isEqualTo("OPEN by 2");
    assertThat(words(RANDOM, filtering(49))).isEqualTo("BIRTHDAY caller by 4");
    assertThat(words(taking(50), EASY)).isEqualTo("BIRTHDAY caller by 4");
    assertThat(words(taking(49), EASY)).isEqualTo("BIRTHDAY caller guessed by 4");
  }

  private static NatProfile filtering(int confidence) {
    return new NatProfile(
        Finding.of(Behavior.ENDPOINT_INDEPENDENT, 90),
        Finding.unknown(),
        Finding.of(Behavior.ENDPOINT_INDEPENDENT, confidence),
        Finding.unknown(),
        Finding.unknown(),
        Finding.unknown(),
        false,
        false);
  }

  private static NatProfile taking(int confidence) {
    return new NatProfile(
        Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 80),
        Finding.unknown(),
        Finding.unknown(),
        Finding.unknown(),
        Finding.of(new Random(1024, 65535), confidence),
        Finding.unknown(),
        false,
        false);
  }

  @Test
  void aGuessedFilter_opensNoDoor() {
    NatProfile perhapsOpen =
        new NatProfile(
            Finding.of(Behavior.ENDPOINT_INDEPENDENT, 90),
            Finding.unknown(),
            Finding.of(Behavior.ENDPOINT_INDEPENDENT, 40),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            false,
            false);
    assertThat(words(RANDOM, perhapsOpen)).isEqualTo("BIRTHDAY caller by 4");
  }

  @Test
  void whatIsKnownOfUdp_countsWhereNothingIsKnownOfTcp() {
    NatProfile udpOnly =
        new NatProfile(
            Finding.unknown(),
            Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 60),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            false,
            false);
    assertThat(words(udpOnly, EASY)).isEqualTo("BIRTHDAY caller guessed by 4");
  }

  @Test
  void aTacticWithoutSense_isRefused() {
    assertThatThrownBy(() -> new Tactic(Kind.OPEN, true, false, 1, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tactic(Kind.PREDICTED, false, false, 3, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tactic(Kind.BIRTHDAY, true, true, 4, true))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tactic(Kind.IMPOSSIBLE, true, true, 7, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void twoTactics_areAlike_ifTheyComeToTheSame() {
    Tactic tactic = new Tactic(Kind.PREDICTED, true, false, 3, true);
    assertThat(tactic.isLike(new Tactic(Kind.PREDICTED, true, false, 5, false))).isTrue();
    assertThat(tactic.isLike(new Tactic(Kind.BIRTHDAY, true, false, 3, true))).isFalse();
    assertThat(tactic.isLike(new Tactic(Kind.PREDICTED, false, true, 3, true))).isFalse();
    assertThat(tactic.isLike(new Tactic(Kind.PREDICTED, true, true, 6, true))).isFalse();
  }

  private static void both(NatProfile one, NatProfile other, String expected) {
    assertThat(words(one, other)).isEqualTo(expected);
    assertThat(words(other, one)).isEqualTo(expected);
  }

  private static String words(NatProfile caller, NatProfile service) {
    Tactic tactic = StrategyRules.choose(caller, service);
    return tactic.kind()
        + (tactic.isHard(Role.CALLER) ? " caller" : "")
        + (tactic.isHard(Role.SERVICE) ? " service" : "")
        + (tactic.sure() ? "" : " guessed")
        + " by "
        + tactic.rule();
  }

  private static NatProfile hard(@Nullable PortAllocation allocation) {
    return nat(Behavior.ADDRESS_AND_PORT_DEPENDENT, 80, null, allocation);
  }

  private static NatProfile nat(
      Behavior mapping,
      int confidence,
      @Nullable Behavior filtering,
      @Nullable PortAllocation allocation) {
    return new NatProfile(
        Finding.of(mapping, confidence),
        Finding.unknown(),
        filtering == null ? Finding.unknown() : Finding.of(filtering, 80),
        Finding.unknown(),
        allocation == null ? Finding.unknown() : Finding.of(allocation, 60),
        Finding.unknown(),
        false,
        false);
  }
}
