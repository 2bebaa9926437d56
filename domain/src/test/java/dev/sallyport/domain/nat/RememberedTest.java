package dev.sallyport.domain.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RememberedTest {
  private static final int SEEDS = 2000;
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final List<InetAddress> HOST = Looks.addresses("192.168.1.2");
  private static final NetworkId HERE = new NetworkId(HOST.getFirst());
  private static final InetAddress OUTSIDE = address("203.0.113.7");
  private static final InetAddress ELSEWHERE = address("198.51.100.7");

  private static final NatProfile UNKNOWN = NatProfile.unknown();
  private static final NatProfile SYMMETRIC =
      new NatProfile(
          Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 80),
          Finding.unknown(),
          Finding.of(Behavior.ADDRESS_DEPENDENT, 95),
          Finding.unknown(),
          Finding.of(new PortAllocation.Random(1024, 65535), 80),
          Finding.of(UnsolicitedSyn.DROP, 80),
          true,
          false);

  /** Of everything in a profile: how to get at it. */
  private static final List<Function<NatProfile, Finding<?>>> FIELDS =
      List.of(
          NatProfile::tcpMapping,
          NatProfile::udpMapping,
          NatProfile::tcpFiltering,
          NatProfile::udpFiltering,
          NatProfile::allocation,
          NatProfile::unsolicitedSyn);

  @Test
  void whatIsNotKnownNow_comesFromMemory_atSixtyAtMost() {
    NatProfile now = symmetric().completing(found(UNKNOWN, OUTSIDE), HERE, after(5));
    assertThat(now.tcpMapping()).isEqualTo(Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 60));
    assertThat(now.tcpFiltering()).isEqualTo(Finding.of(Behavior.ADDRESS_DEPENDENT, 60));
    assertThat(now.allocation().confidence()).isEqualTo(60);
    assertThat(now.carrierGradeSuspected()).isTrue();
    assertThat(now.udpMapping().isKnown()).isFalse();
  }

  @Test
  void beforeAnObserverConfirmsTheAddress_itIsAGuess() {
    NatProfile now = symmetric().completing(found(UNKNOWN), HERE, after(5));
    assertThat(now.tcpMapping()).isEqualTo(Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 40));
    assertThat(now.tcpFiltering().confidence()).isEqualTo(40);
    assertThat(now.carrierGradeSuspected()).as("of a yes there is no guess").isFalse();
  }

  @Test
  void aHardMapping_isAGuessAfterTenMinutes_andWhoGetsInIsNot() {
    NatProfile now = symmetric().completing(found(UNKNOWN, OUTSIDE), HERE, after(10));
    assertThat(now.tcpMapping().confidence()).isEqualTo(40);
    assertThat(now.tcpFiltering().confidence()).isEqualTo(60);
    assertThat(now.allocation().confidence()).isEqualTo(60);
  }

  @Test
  void anEasyMapping_makesNobodyGiveUp_soItStaysSure() {
    NatProfile easy = mapping(Finding.of(Behavior.ENDPOINT_INDEPENDENT, 90));
    assertThat(
            learnt(easy)
                .completing(found(UNKNOWN, OUTSIDE), HERE, after(59))
                .tcpMapping()
                .confidence())
        .isEqualTo(60);
  }

  @Test
  void afterAnHour_orInAnotherNetwork_orFromTheFuture_itDoesNotCount() {
    NatDiagnosis found = found(UNKNOWN, OUTSIDE);
    NetworkId other = new NetworkId(address("10.0.0.9"));
    assertThat(symmetric().completing(found, HERE, after(60))).isEqualTo(UNKNOWN);
    assertThat(symmetric().completing(found, HERE, after(-1))).isEqualTo(UNKNOWN);
    assertThat(symmetric().completing(found, other, after(5))).isEqualTo(UNKNOWN);
    assertThat(symmetric().completing(found, null, after(5))).isEqualTo(UNKNOWN);
  }

  @Test
  void underAnotherExternalAddress_itDoesNotCount_butInAPoolItDoes() {
    assertThat(symmetric().completing(found(UNKNOWN, ELSEWHERE), HERE, after(5)))
        .isEqualTo(UNKNOWN);
    assertThat(
            symmetric()
                .completing(found(UNKNOWN, ELSEWHERE, OUTSIDE), HERE, after(5))
                .tcpMapping()
                .isKnown())
        .isTrue();
  }

  @Test
  void aGuessOfNow_getsFirmerIfMemorySaysTheSame_andStaysIfItDoesNot() {
    Finding<Behavior> same = Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 40);
    Finding<Behavior> other = Finding.of(Behavior.ADDRESS_DEPENDENT, 40);
    assertThat(
            symmetric()
                .completing(found(mapping(same), OUTSIDE), HERE, after(5))
                .tcpMapping()
                .confidence())
        .isEqualTo(60);
    assertThat(symmetric().completing(found(mapping(other), OUTSIDE), HERE, after(5)).tcpMapping())
        .isEqualTo(other);
  }

  @Test
  void aGuessedRange_getsFirmerIfMemoryKnowsAnotherOfItsKind_andStaysIfItDoesNot() {
    Finding<PortAllocation> range = SYMMETRIC.allocation();
    Finding<PortAllocation> other = Finding.of(new PortAllocation.Random(2000, 60000), 40);
    Finding<PortAllocation> block = Finding.of(new PortAllocation.Block(2048, 2559), 40);
    Finding<PortAllocation> step = Finding.of(new PortAllocation.Sequential(1), 40);
    assertThat(nowKnownOf(other)).isEqualTo(new Finding<>(range.value(), 60));
    assertThat(nowKnownOf(block)).isEqualTo(block);
    assertThat(nowKnownOf(step)).isEqualTo(step);
  }

  private static Finding<PortAllocation> nowKnownOf(Finding<PortAllocation> found) {
    return symmetric().completing(found(allocation(found), OUTSIDE), HERE, after(5)).allocation();
  }

  @Test
  void keptPorts_areNotRemembered_whereSomebodyLookedAndSawOthers() {
    NatProfile keeps = allocation(Finding.of(new PortAllocation.Preserving(), 90));
    assertThat(
            learnt(keeps).completing(found(UNKNOWN, OUTSIDE), HERE, after(5)).allocation().value())
        .isNull();
    assertThat(learnt(keeps).completing(found(UNKNOWN), HERE, after(5)).allocation().isKnown())
        .as("nobody has looked yet")
        .isTrue();
  }

  @Test
  void onlyWhatIsSure_isWorthRemembering() {
    NatProfile guess = mapping(Finding.of(Behavior.ADDRESS_DEPENDENT, 40));
    assertThat(Remembered.of(HOST, found(guess, OUTSIDE), NOON)).isNull();
    assertThat(Remembered.of(HOST, found(SYMMETRIC), NOON)).as("seen by nobody").isNull();
    assertThat(Remembered.of(List.of(), found(SYMMETRIC, OUTSIDE), NOON)).isNull();
    assertThat(Remembered.of(HOST, found(SYMMETRIC, OUTSIDE), NOON)).isEqualTo(symmetric());
    NatProfile justSure = mapping(Finding.of(Behavior.ADDRESS_DEPENDENT, 50));
    assertThat(Remembered.of(HOST, found(justSure, OUTSIDE), NOON)).isEqualTo(learnt(justSure));
  }

  @Test
  void whatIsNotFoundAgain_isKept_butGetsNoYounger() {
    NatProfile mapped = mapping(Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 95));
    Remembered later = new Remembered(HERE, OUTSIDE, mapped, after(30));
    Remembered kept = later.keeping(symmetric());
    assertThat(kept.profile().tcpMapping().confidence()).isEqualTo(95);
    assertThat(kept.profile().tcpFiltering()).isEqualTo(SYMMETRIC.tcpFiltering());
    assertThat(kept.learntAt()).isEqualTo(NOON);
    assertThat(new Remembered(HERE, OUTSIDE, SYMMETRIC, after(30)).keeping(symmetric()).learntAt())
        .as("all of it was found again")
        .isEqualTo(after(30));
  }

  @Test
  void whatIsTooOld_orOfAnotherAddress_isNotKept() {
    NatProfile mapped = mapping(Finding.of(Behavior.ENDPOINT_INDEPENDENT, 95));
    Remembered late = new Remembered(HERE, OUTSIDE, mapped, after(61));
    assertThat(late.keeping(symmetric())).isEqualTo(late);
    Remembered elsewhere = new Remembered(HERE, ELSEWHERE, mapped, after(1));
    assertThat(elsewhere.keeping(symmetric())).isEqualTo(elsewhere);
    assertThat(elsewhere.keeping(null)).isEqualTo(elsewhere);
  }

  @Test
  void theFirstRoutableIpv4Address_namesTheNetwork() {
    assertThat(NetworkId.of(Looks.addresses("2001:db8::2 169.254.1.1 192.168.1.2 10.0.0.1")))
        .isEqualTo(HERE);
    assertThat(NetworkId.of(Looks.addresses("2001:db8::2"))).isNull();
    assertThatThrownBy(() -> new NetworkId(address("127.0.0.1")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Remembered(HERE, address("2001:db8::7"), SYMMETRIC, NOON))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whateverIsRemembered_nothingFoundIsContradicted_andNothingAddedIsTooSure() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      NatProfile before = profile(random);
      Remembered memory = learnt(before);
      NatProfile fresh = profile(random);
      NatDiagnosis found =
          random.nextBoolean()
              ? found(fresh)
              : found(fresh, random.nextInt(3) == 0 ? ELSEWHERE : OUTSIDE);
      Instant when = after(random.nextInt(-2, 65));
      NatProfile now = memory.completing(found, HERE, when);
      for (Function<NatProfile, Finding<?>> field : FIELDS) {
        Finding<?> is = field.apply(now);
        Finding<?> was = field.apply(fresh);
        Finding<?> then = field.apply(before);
        String as = "seed " + seed + ": " + was + ", remembered " + then + ", became " + is;
        if (was.confidence() >= Confidence.SURE) {
          assertThat(is).as(as).isEqualTo(was);
        } else if (!is.equals(was)) {
          assertThat(is.value()).as(as).isEqualTo(then.value());
          assertThat(is.confidence())
              .as(as)
              .isGreaterThan(was.confidence())
              .isLessThanOrEqualTo(Math.min(60, then.confidence()));
        }
      }
      assertThat(now.globalIpv6()).as("seed %d", seed).isEqualTo(fresh.globalIpv6());
      assertThat(memory.completing(found, HERE, when)).as("seed %d", seed).isEqualTo(now);
    }
  }

  @Test
  void keptOverAndOver_nothingOutlivesItsHour() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      Remembered memory = learnt(SYMMETRIC);
      NatProfile easy = mapping(Finding.of(Behavior.ENDPOINT_INDEPENDENT, 80));
      int minutes = 0;
      while (minutes < 60) {
        assertThat(memory.profile().tcpFiltering().isKnown()).as("seed %d", seed).isTrue();
        minutes += random.nextInt(1, 20);
        memory = new Remembered(HERE, OUTSIDE, easy, after(minutes)).keeping(memory);
      }
      assertThat(memory.profile()).as("seed %d", seed).isEqualTo(easy);
    }
  }

  private static Remembered symmetric() {
    return learnt(SYMMETRIC);
  }

  private static Remembered learnt(NatProfile profile) {
    return new Remembered(HERE, OUTSIDE, profile, NOON);
  }

  private static NatDiagnosis found(NatProfile profile, InetAddress... external) {
    Set<CarrierSign> signs =
        profile.carrierGradeSuspected()
            ? EnumSet.of(CarrierSign.SEVERAL_ADDRESSES)
            : EnumSet.noneOf(CarrierSign.class);
    boolean seen = external.length > 0;
    return new NatDiagnosis(
        profile,
        seen ? Finding.of(Arrays.asList(external), 80) : Finding.unknown(),
        Finding.unknown(),
        signs,
        seen ? 2 : 0,
        0);
  }

  private static NatProfile mapping(Finding<Behavior> mapping) {
    return profile(mapping, Finding.unknown());
  }

  private static NatProfile allocation(Finding<PortAllocation> allocation) {
    return profile(Finding.unknown(), allocation);
  }

  private static NatProfile profile(Finding<Behavior> mapping, Finding<PortAllocation> allocation) {
    return new NatProfile(
        mapping,
        Finding.unknown(),
        Finding.unknown(),
        Finding.unknown(),
        allocation,
        Finding.unknown(),
        false,
        false);
  }

  private static NatProfile profile(SplittableRandom random) {
    return new NatProfile(
        finding(random, Behavior.values()),
        finding(random, Behavior.values()),
        finding(random, Behavior.values()),
        finding(random, Behavior.values()),
        finding(
            random,
            new PortAllocation[] {
              new PortAllocation.Preserving(),
              new PortAllocation.Sequential(1),
              new PortAllocation.Sequential(2),
              new PortAllocation.Block(2048, 2559),
              new PortAllocation.Block(2048, 3071),
              new PortAllocation.Random(1024, 65535)
            }),
        finding(random, UnsolicitedSyn.values()),
        random.nextBoolean(),
        random.nextBoolean());
  }

  private static <T> Finding<T> finding(SplittableRandom random, T[] of) {
    return random.nextInt(3) == 0
        ? Finding.unknown()
        : Finding.of(of[random.nextInt(of.length)], random.nextInt(1, 101));
  }

  private static Instant after(int minutes) {
    return NOON.plus(Duration.ofMinutes(minutes));
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }
}
