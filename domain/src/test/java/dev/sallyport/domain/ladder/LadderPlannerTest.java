package dev.sallyport.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Plan.PlannedDial;
import dev.sallyport.domain.ladder.Plan.PlannedRung;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * The rules by their numbers. A plan reads "rung at delay: port > remote at delay, ...", delays in
 * milliseconds; a side is written "host 192.168.1.2:4000, reflexive 203.0.113.7:4000".
 */
class LadderPlannerTest {
  private static final List<Integer> CALLER_PORTS = List.of(4000, 4001, 4002);
  private static final List<Integer> SERVICE_PORT = List.of(8765);

  private static final String CALLER =
      "reflexive 203.0.113.7:4000, reflexive 203.0.113.7:4001, reflexive 203.0.113.7:4002,"
          + " host 192.168.1.2:4000";
  private static final String SERVICE = "reflexive 198.51.100.9:8765, host 10.0.0.5:8765";

  @Nested
  class Rule1_externalDialsWhatCanBeSeenFromOutside {
    @Test
    void callerDialsReflexiveAdvertisedAndGlobalHosts_noPrivateHost() {
      assertThat(
              caller(
                  "host 192.168.1.2:4000",
                  "reflexive 198.51.100.9:8765, host 198.51.100.10:8765, host 10.0.0.5:8765"))
          .contains(
              "external at 0: 4000 > 198.51.100.9:8765 at 0, 4001 > 198.51.100.9:8765 at 1500,"
                  + " 4002 > 198.51.100.9:8765 at 3000, 4000 > 198.51.100.10:8765 at 0,"
                  + " 4001 > 198.51.100.10:8765 at 1500, 4002 > 198.51.100.10:8765 at 3000");
    }

    @Test
    void serviceDialsTheMirrorImage_soThatEachLaneCrosses() {
      List<String> fromCaller = crossings(caller(CALLER, SERVICE).getFirst());
      List<String> fromService = crossings(service(SERVICE, CALLER).getFirst());
      // port pair (caller's, service's) and the delay; the service knows that the caller is there
      assertThat(fromCaller)
          .containsExactly(
              "4000 > 198.51.100.9:8765 at 0",
              "4001 > 198.51.100.9:8765 at 1500",
              "4002 > 198.51.100.9:8765 at 3000");
      assertThat(fromService)
          .containsExactly(
              "8765 > 203.0.113.7:4000 at 0",
              "8765 > 203.0.113.7:4001 at 0",
              "8765 > 203.0.113.7:4002 at 0");
    }

    @Test
    void aReflexiveAddressThatIsPrivateIsDialled_theTwoMayShareAProvider() {
      assertThat(service(SERVICE, "reflexive 10.9.8.7:4000"))
          .containsExactly("external at 0: 8765 > 10.9.8.7:4000 at 0");
    }

    @Test
    void loopbackIsNeverDialledFromThePunchPort() {
      assertThat(caller(CALLER, "advertised 127.0.0.1:8765"))
          .containsExactly("direct at 0: 0 > 127.0.0.1:8765 at 0");
    }
  }

  @Nested
  class Rule2_localDialsPrivateHostsFromTheFirstPort {
    @Test
    void bothPrivate_dialled() {
      assertThat(caller("host 192.168.1.2:4000", "host 192.168.1.5:8765, host 100.64.0.9:8765"))
          .containsExactly("local at 0: 4000 > 192.168.1.5:8765 at 0, 4000 > 100.64.0.9:8765 at 0");
    }

    @Test
    void noPrivateAddressOfOurOwn_notDialled() {
      assertThat(caller("host 198.51.100.1:4000", "host 192.168.1.5:8765")).isEmpty();
    }

    @Test
    void anotherFamily_notDialled() {
      assertThat(caller("host 192.168.1.2:4000", "host [fd00::5]:8765")).isEmpty();
      assertThat(caller("host [fd00::2]:4000", "host [fd00::5]:8765"))
          .containsExactly("local at 0: 4000 > [fd00::5]:8765 at 0");
    }
  }

  @Nested
  class Rule3_directIsTheCallersAlone {
    @Test
    void callerDialsAdvertisedThenGlobalHostThenReflexive_fromAnEphemeralPort() {
      assertThat(
              caller(
                  "host 192.168.1.2:4000, host [2001:db8::2]:4000",
                  "reflexive 198.51.100.9:8765, host [2001:db8::9]:8765, host 10.0.0.5:8765,"
                      + " advertised 198.51.100.9:443"))
          .contains(
              "direct at 0: 0 > 198.51.100.9:443 at 0, 0 > [2001:db8::9]:8765 at 0,"
                  + " 0 > 198.51.100.9:8765 at 0");
    }

    @Test
    void aServiceNeverDialsDirect() {
      assertThat(service(SERVICE, CALLER)).noneMatch(rung -> rung.startsWith("direct"));
    }
  }

  @Nested
  class Rule4_lanesStartASpacingApartAtTheCaller_atOnceAtTheService {
    @Test
    void whatTheUserAdvertisedDelaysNoLane() {
      // Both at the same address: the reflexive endpoint is still the first lane of its kind.
      assertThat(caller(CALLER, "advertised 198.51.100.9:443, reflexive 198.51.100.9:8765"))
          .contains(
              "external at 1000: 4000 > 198.51.100.9:443 at 0, 4001 > 198.51.100.9:443 at 1500,"
                  + " 4002 > 198.51.100.9:443 at 3000, 4000 > 198.51.100.9:8765 at 0,"
                  + " 4001 > 198.51.100.9:8765 at 1500, 4002 > 198.51.100.9:8765 at 3000");
    }

    @Test
    void lanesAreCountedPerAddress() {
      assertThat(service(SERVICE, "reflexive 203.0.113.7:4000, reflexive 203.0.113.8:4001"))
          .containsExactly(
              "external at 0: 8765 > 203.0.113.7:4000 at 0, 8765 > 203.0.113.8:4001 at 0");
    }

    @Test
    void whoComesFromAnotherPortEachTime_isDialledOnOneLane_whereHeWasSeen() {
      String peer = "reflexive 198.51.100.9:8765, advertised 198.51.100.9:443";
      String seen = "4000 > 198.51.100.9:8765 at 0";
      String others = ", 4001 > 198.51.100.9:8765 at 1500, 4002 > 198.51.100.9:8765 at 3000";
      String forwarded =
          ", 4000 > 198.51.100.9:443 at 0, 4001 > 198.51.100.9:443 at 1500,"
              + " 4002 > 198.51.100.9:443 at 3000";
      assertThat(callerOfHard(peer, 50)).contains("external at 1000: " + seen + forwarded);
      assertThat(callerOfHard(peer, 49))
          .as("a guess")
          .contains("external at 1000: " + seen + others + forwarded);
    }

    @Test
    void whoComesFromAnotherPortEachTime_dialsOneLane() {
      Side hard = new Side(side(SERVICE).candidates(), hard(80));
      String two = "reflexive 203.0.113.7:4000, reflexive 203.0.113.7:4001";
      assertThat(
              read(
                  LadderPlanner.plan(
                      Role.SERVICE, hard, SERVICE_PORT, side(two), LadderPolicy.DEFAULT)))
          .containsExactly("external at 0: 8765 > 203.0.113.7:4000 at 0");
    }

    private static NatProfile hard(int confidence) {
      return new NatProfile(
          Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, confidence),
          Finding.unknown(),
          Finding.unknown(),
          Finding.unknown(),
          Finding.unknown(),
          Finding.unknown(),
          false,
          false);
    }

    private static List<String> callerOfHard(String peer, int confidence) {
      return read(
          LadderPlanner.plan(
              Role.CALLER,
              side("host 192.168.1.2:4000"),
              CALLER_PORTS,
              new Side(side(peer).candidates(), hard(confidence)),
              LadderPolicy.DEFAULT));
    }

    @Test
    void theSamePairTwice_isDialledOnceAndAtTheEarlierTime() {
      assertThat(service(SERVICE, "reflexive 203.0.113.7:4000, reflexive 203.0.113.7:4000"))
          .containsExactly("external at 0: 8765 > 203.0.113.7:4000 at 0");
    }

    @Test
    void whicheverOfTheTwoIsNamedFirst() {
      String later = "reflexive 198.51.100.9:7000, reflexive 198.51.100.9:8765";
      String sooner = "advertised 198.51.100.9:8765";
      String own = "host 192.168.1.2:4000";
      assertThat(caller(own, later).toString()).contains(" 4000 > 198.51.100.9:8765 at 1500, ");
      assertThat(caller(own, later + ", " + sooner).toString())
          .contains(" 4000 > 198.51.100.9:8765 at 0, ");
      assertThat(caller(own, sooner + ", " + later).toString())
          .contains(" 4000 > 198.51.100.9:8765 at 0, ");
    }
  }

  @Nested
  class Rule5_onlyFamiliesWeHave_andNeverOurselves {
    @Test
    void ipv6NeedsAnAddressOfOurOwn_ipv4DoesNot() {
      String peer = "reflexive 198.51.100.9:8765, host [2001:db8::9]:8765";
      assertThat(caller("", peer).toString()).contains("198.51.100.9").doesNotContain("2001");
      assertThat(caller("host 192.168.1.2:4000", peer).toString()).doesNotContain("2001");
      assertThat(caller("host [2001:db8::2]:4000", peer).toString()).contains("[2001:db8::9]:8765");
    }

    @Test
    void aServiceOnTheSameMachineIsDialled_ourOwnListenersAreNot() {
      assertThat(caller("host 192.168.1.2:4000", "host 192.168.1.2:8765, host 192.168.1.2:4001"))
          .containsExactly("local at 0: 4000 > 192.168.1.2:8765 at 0");
    }

    @Test
    void anotherHostWithTheNumberOfOurPort_isNotOurselves() {
      assertThat(caller("host 192.168.1.2:4000", "reflexive 198.51.100.9:4000").getFirst())
          .startsWith("external at 0: 4000 > 198.51.100.9:4000 at 0");
    }
  }

  @Nested
  class Rule6_rungsStartInOrderAStaggerApart {
    @Test
    void theDefaultLadder() {
      assertThat(names(caller(CALLER, SERVICE)))
          .containsExactly("external at 0", "local at 250", "direct at 500");
    }

    @Test
    void theUsersLadder() {
      assertThat(
              names(
                  read(
                      plan(
                          Role.CALLER,
                          CALLER,
                          SERVICE,
                          LadderPolicy.DEFAULT.withOrder(List.of(Rung.DIRECT, Rung.EXTERNAL))))))
          .containsExactly("direct at 0", "external at 250");
    }

    @Test
    void aRungWithNothingToDialCostsNoTime() {
      assertThat(names(caller("", SERVICE))).containsExactly("external at 0", "direct at 250");
      assertThat(caller(CALLER, "")).isEmpty();
    }
  }

  @Nested
  class Rule7_behindTheSameNatLocalStartsFirst {
    @Test
    void samePublicAddress() {
      String neighbour = "reflexive 203.0.113.7:8765, host 192.168.1.5:8765";
      assertThat(names(caller(CALLER, neighbour)))
          .containsExactly("local at 0", "external at 1000", "direct at 1250");
      assertThat(names(service(neighbour, CALLER)))
          .containsExactly("local at 0", "external at 1000");
      assertThat(plan(Role.CALLER, CALLER, neighbour, LadderPolicy.DEFAULT).sameNetwork()).isTrue();
      assertThat(plan(Role.CALLER, CALLER, SERVICE, LadderPolicy.DEFAULT).sameNetwork()).isFalse();
    }

    @Test
    void aHostAddressIsNoNat_nothingIsShared() {
      assertThat(sharesOneNat("host 203.0.113.7:4000", "host 203.0.113.7:8765")).isFalse();
      assertThat(sharesOneNat("host 203.0.113.7:4000", "reflexive 203.0.113.7:8765")).isFalse();
      assertThat(sharesOneNat("reflexive 203.0.113.7:4000", "host 203.0.113.7:8765")).isFalse();
      assertThat(sharesOneNat("reflexive 203.0.113.7:1", "reflexive 203.0.113.7:2")).isTrue();
    }

    private boolean sharesOneNat(String own, String peer) {
      return plan(Role.CALLER, own, peer, LadderPolicy.DEFAULT).sameNetwork();
    }
  }

  @Nested
  class Rule8_whatThePeerAdvertisedComesFirst {
    @Test
    void directStartsAtOnce() {
      assertThat(names(caller(CALLER, "advertised 198.51.100.9:443, " + SERVICE)))
          .containsExactly("direct at 0", "external at 1000", "local at 1250");
    }

    @Test
    void evenBeforeLocal_butItDoesNotDelayTheService() {
      String neighbour =
          "advertised 203.0.113.7:443, reflexive 203.0.113.7:8765, host 192.168.1.5:8765";
      assertThat(names(caller(CALLER, neighbour)))
          .containsExactly("direct at 0", "local at 1000", "external at 2000");
      assertThat(names(service(neighbour, CALLER)))
          .containsExactly("local at 0", "external at 1000");
    }
  }

  @Nested
  class Rule9_withTurnsTheRungsDoNotRace {
    private final LadderPolicy turns = LadderPolicy.DEFAULT.withTurns(Duration.ofSeconds(5));

    @Test
    void eachStartsWhenTheTurnBeforeIsOver_andTheLastGoesOn() {
      assertThat(turns(plan(Role.CALLER, CALLER, SERVICE, turns)))
          .containsExactly("external 0 to 5000", "local 5000 to 10000", "direct 10000 to the end");
    }

    @Test
    void theOrderIsTheSame_andARungWithNothingToDialHasNoTurn() {
      assertThat(turns(plan(Role.CALLER, CALLER, "advertised 198.51.100.9:443, " + SERVICE, turns)))
          .containsExactly("direct 0 to 5000", "external 5000 to 10000", "local 10000 to the end");
      assertThat(turns(plan(Role.SERVICE, SERVICE, "reflexive 203.0.113.7:4000", turns)))
          .containsExactly("external 0 to the end");
    }

    @Test
    void withoutTurns_noRungEnds() {
      assertThat(plan(Role.CALLER, CALLER, SERVICE, LadderPolicy.DEFAULT).rungs())
          .allMatch(rung -> rung.until() == null);
    }

    private static List<String> turns(Plan plan) {
      return plan.rungs().stream()
          .map(
              rung ->
                  rung.rung().word()
                      + " "
                      + rung.after().toMillis()
                      + " to "
                      + (rung.until() == null ? "the end" : "" + rung.until().toMillis()))
          .toList();
    }
  }

  @Test
  void aLadderHasEachRungAtMostOnce() {
    assertThatThrownBy(() -> LadderPolicy.DEFAULT.withOrder(List.of(Rung.LOCAL, Rung.LOCAL)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LadderPolicy.DEFAULT.withOrder(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> caller(String own, String peer) {
    return read(plan(Role.CALLER, own, peer, LadderPolicy.DEFAULT));
  }

  private static List<String> service(String own, String peer) {
    return read(plan(Role.SERVICE, own, peer, LadderPolicy.DEFAULT));
  }

  private static Plan plan(Role role, String own, String peer, LadderPolicy policy) {
    return LadderPlanner.plan(
        role, side(own), role == Role.CALLER ? CALLER_PORTS : SERVICE_PORT, side(peer), policy);
  }

  private static Side side(String text) {
    List<Candidate> candidates = new ArrayList<>();
    for (String candidate : text.isEmpty() ? new String[0] : text.split(",\\s*", -1)) {
      String[] words = candidate.strip().split(" ", -1);
      candidates.add(
          new Candidate(
              CandidateKind.valueOf(words[0].toUpperCase(Locale.ROOT)), Endpoint.parse(words[1])));
    }
    return new Side(candidates, NatProfile.unknown());
  }

  private static List<String> read(Plan plan) {
    return plan.rungs().stream().map(LadderPlannerTest::read).toList();
  }

  private static String read(PlannedRung rung) {
    return rung.rung().word()
        + " at "
        + rung.after().toMillis()
        + ": "
        + String.join(", ", rung.dials().stream().map(LadderPlannerTest::read).toList());
  }

  private static String read(PlannedDial dial) {
    Duration after = dial.after();
    return dial.localPort() + " > " + dial.remote() + " at " + after.toMillis();
  }

  private static List<String> names(List<String> rungs) {
    return rungs.stream().map(rung -> rung.substring(0, rung.indexOf(':'))).toList();
  }

  private static List<String> crossings(String rung) {
    return Arrays.asList(rung.substring(rung.indexOf(": ") + 2).split(", ", -1));
  }
}
