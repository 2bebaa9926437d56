package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.sim.Crowd.Followed;
import dev.sallyport.harness.sim.Crowd.Member;
import dev.sallyport.harness.sim.Crowd.Wait;
import dev.sallyport.harness.sim.Dials.Dial;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fifty callers at once, a quarter of them behind NATs whose ports are met by chance only. */
class CrowdTest {
  private static final int CALLERS = 50;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Duration LAST = Duration.ofMinutes(1);
  private static final Duration AT_ONCE = Duration.ofSeconds(2);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

  private static final List<NatKind> OTHERS =
      List.of(
          NatKind.PORT_RESTRICTED,
          NatKind.FULL_CONE,
          NatKind.ADDRESS_RESTRICTED,
          NatKind.SYMMETRIC_STEP_1,
          NatKind.EIM_RANDOM,
          NatKind.PORT_RESTRICTED_RST,
          NatKind.SYMMETRIC_STEP_2,
          NatKind.NONE,
          NatKind.CGN_BLOCK_PAIRED,
          NatKind.PORT_RESTRICTED_ICMP,
          NatKind.JUNIPER);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void all_connect_andThoseOfChance_inTurn(long seed) {
    NetworkPath path = new NetworkPath(Duration.ofMillis(50), 0, seed);
    Crowd crowd = new Crowd(NatKind.PORT_RESTRICTED, kinds(), path);
    crowd.play(TIMEOUT, TIMEOUT.plusSeconds(10));

    assertThat(crowd.members)
        .as("seed %d", seed)
        .hasSize(CALLERS)
        .allSatisfy(
            member -> {
              assertThat(member.isEchoed()).as(member.toString()).isTrue();
              boolean waits = member.kind == NatKind.SYMMETRIC;
              assertThat(member.took()).as(member.toString()).isLessThan(waits ? LAST : AT_ONCE);
              waitsAreTold(member);
            });
    noTwoBirthdaysAtOnce(crowd);
    nobodyIsFlooded(crowd);
  }

  @ParameterizedTest
  @CsvSource({
    "SYMMETRIC_STEP_1, PORT_RESTRICTED",
    "SYMMETRIC_STEP_2, PORT_RESTRICTED",
    "CGN_BLOCK_ARBITRARY, PORT_RESTRICTED",
    "CGN_BLOCK_ARBITRARY, PORT_RESTRICTED_RST",
    "SYMMETRIC, PORT_RESTRICTED",
  })
  void aServiceBehindAHardNat_isAsGoodForTheThirtiethCallerAsForTheFirst(
      NatKind hard, NatKind easy) {
    NetworkPath path = new NetworkPath(Duration.ofMillis(50), 0, 1);
    Crowd crowd = new Crowd(hard, Collections.nCopies(30, easy), path);
    crowd.playInTurn(Duration.ofSeconds(30), Duration.ofMillis(500));

    assertThat(crowd.members)
        .allSatisfy(
            member ->
                assertThat(member.isEchoed())
                    .as("number %d: %s", crowd.members.indexOf(member) + 1, member)
                    .isTrue());
  }

  private static void waitsAreTold(Member member) {
    if (member.took().compareTo(SIGN_OF_LIFE) > 0) {
      assertThat(member.waits).as(member.toString()).isNotEmpty();
    } else if (member.kind != NatKind.SYMMETRIC) {
      assertThat(member.waits).as(member.toString()).isEmpty();
    }
    for (Wait wait : member.waits) {
      assertThat(wait.said().elapsed()).isEqualTo(wait.sinceCall());
      assertThat(wait.said().remaining()).isEqualTo(TIMEOUT.minus(wait.sinceCall()));
    }
  }

  /** When the service dialled many ports of one caller. */
  private record Birthday(long from, long until, Member caller) {}

  private static void noTwoBirthdaysAtOnce(Crowd crowd) {
    List<Birthday> all = new ArrayList<>();
    crowd.behind(NatKind.SYMMETRIC).forEach(member -> all.addAll(birthdays(crowd, member)));
    all.sort(Comparator.comparingLong(Birthday::from));

    assertThat(all).hasSizeGreaterThanOrEqualTo(crowd.behind(NatKind.SYMMETRIC).size());
    for (int i = 1; i < all.size(); i++) {
      assertThat(all.get(i).from).as("%s", all).isGreaterThan(all.get(i - 1).until);
    }
  }

  /** One for each knock that the service followed with a burst. */
  private static List<Birthday> birthdays(Crowd crowd, Member member) {
    List<Long> knocks =
        crowd.followed.stream()
            .filter(followed -> followed.caller().equals(member.identity.key()))
            .map(Followed::at)
            .toList();
    List<Birthday> found = new ArrayList<>();
    for (int i = 0; i < knocks.size(); i++) {
      long from = knocks.get(i);
      long next = i + 1 < knocks.size() ? knocks.get(i + 1) : Long.MAX_VALUE;
      List<Long> dials =
          bursts(crowd.serviceDials()).stream()
              .filter(dial -> dial.remote().address().equals(member.outer()))
              .map(Dial::at)
              .filter(at -> at >= from && at < next)
              .toList();
      if (!dials.isEmpty()) {
        found.add(new Birthday(from, dials.getLast(), member));
      }
    }
    return found;
  }

  private static void nobodyIsFlooded(Crowd crowd) {
    Set<Endpoint> dialled = remotes(crowd.serviceDials());
    int most = Crowd.most(crowd.serviceSyns, BurstGuard.SPACING, syn -> dialled.contains(syn.to()));
    assertThat(most).isBetween(1, Strategy.MAX_SYNS);
    for (Member member : crowd.members) {
      assertThat(Crowd.most(member.syns, BurstGuard.SPACING, syn -> true))
          .as(member.toString())
          .isBetween(1, Strategy.MAX_SYNS);
    }
  }

  private static Set<Endpoint> remotes(Dials dials) {
    return bursts(dials).stream().map(Dial::remote).collect(Collectors.toSet());
  }

  private static List<Dial> bursts(Dials dials) {
    return dials.all().stream().filter(dial -> dial.series().kind() == Dials.Kind.BURST).toList();
  }

  private static List<NatKind> kinds() {
    List<NatKind> kinds = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      kinds.add(i % 4 == 3 ? NatKind.SYMMETRIC : OTHERS.get(i % OTHERS.size()));
    }
    return kinds;
  }
}
