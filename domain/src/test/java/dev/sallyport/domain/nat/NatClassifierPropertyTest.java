package dev.sallyport.domain.nat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import dev.sallyport.domain.nat.Observation.Source;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds whatever the observers say. */
class NatClassifierPropertyTest {
  private static final int SEEDS = 500;
  private static final List<InetAddress> HOST = List.of(Endpoint.parse("192.168.1.2:1").address());

  @Test
  void theOrderOfTheEvidenceDoesNotMatter() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Evidence> evidence = new ArrayList<>(anything(random, 1 + random.nextInt(60)));
      SimpleNat nat = new SimpleNat(behavior(random), allocation(random), random);
      List<Observation> honest = nat.seenBy(2, 2);
      evidence.addAll(honest);
      evidence.addAll(nat.lies(1, 2, honest));
      NatDiagnosis before = NatClassifier.diagnose(evidence, HOST);
      Collections.shuffle(evidence, new Random(seed));
      assertThat(NatClassifier.diagnose(evidence, HOST)).as("seed %d", seed).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMinorityOfLiars_flipsNothing_andMakesNothingSurer(Behavior mapping) {
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PortAllocation allocation = allocation(random);
      if (mapping != Behavior.ENDPOINT_INDEPENDENT
          && allocation instanceof PortAllocation.Preserving) {
        continue; // two mappings cannot have one port
      }
      SimpleNat nat = new SimpleNat(mapping, allocation, random);
      int witnesses = 2 + random.nextInt(4);
      List<Observation> honest = nat.seenBy(witnesses, 2);
      List<Observation> all = new ArrayList<>(honest);
      all.addAll(nat.lies(1 + random.nextInt(witnesses - 1), 2, honest));
      NatDiagnosis truth = NatClassifier.diagnose(honest, HOST);
      NatDiagnosis found = NatClassifier.diagnose(all, HOST);
      String as = mapping + " " + allocation + ", seed " + seed + "\n" + truth + "\n" + found;
      assertThat(truth.profile().tcpMapping().is(mapping)).as(as).isTrue();
      assertThat(found.profile().tcpMapping().is(mapping)).as(as).isTrue();
      assertNotSurer(as, found.profile().tcpMapping(), truth.profile().tcpMapping());
      // Three ports, or two witnesses, can look like anything by chance: then it is a guess.
      boolean sure = truth.profile().allocation().confidence() >= Confidence.SURE;
      if (sure) {
        assertThat(sameKind(truth.profile().allocation(), allocation)).as(as).isTrue();
        assertThat(sameKind(found.profile().allocation(), allocation)).as(as).isTrue();
      }
      assertNotSurer(as, found.profile().allocation(), truth.profile().allocation());
      assertThat(found.externalAddresses().value())
          .as(as)
          .isEqualTo(truth.externalAddresses().value());
      // Some lie about the port only.
      assertThat(found.externalAddresses().confidence())
          .as(as)
          .isLessThanOrEqualTo(Confidence.of(found.tcpWitnesses(), 0));
      assertThat(found.translated().is(true)).as(as).isTrue();
      assertNotSurer(as, found.translated(), truth.translated());
      assertThat(found.profile().carrierGradeSuspected())
          .as(as)
          .isEqualTo(
              allocation instanceof PortAllocation.Block
                  && found.profile().allocation().confidence() >= Confidence.SURE);
    }
  }

  @Test
  void oneObserverAlone_makesNobodySure() {
    for (long seed = 0; seed < SEEDS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      SimpleNat nat = new SimpleNat(behavior(random), allocation(random), random);
      NatDiagnosis found = NatClassifier.diagnose(nat.seenBy(1, 1 + random.nextInt(3)), HOST);
      assertThat(
              List.of(
                  found.profile().tcpMapping().confidence(),
                  found.profile().allocation().confidence(),
                  found.externalAddresses().confidence(),
                  found.translated().confidence()))
          .as("seed %d: %s", seed, found)
          .allMatch(confidence -> confidence < Confidence.SURE);
      assertThat(found.profile().carrierGradeSuspected()).as("seed %d", seed).isFalse();
    }
  }

  @Test
  @Timeout(20)
  void tenThousandPiecesOfEvidence_fromAsManyStrangers_areSoonJudged() {
    SplittableRandom random = new SplittableRandom(1);
    SimpleNat nat = new SimpleNat(behavior(random), new PortAllocation.Random(1024, 65535), random);
    List<Evidence> evidence = new ArrayList<>(anything(random, 10_000));
    evidence.addAll(nat.seenBy(200, 16));
    assertThat(NatClassifier.diagnose(evidence, HOST).tcpWitnesses()).isGreaterThan(1000);
    // All in one narrow window, from everywhere: what costs most.
    List<Observation> narrow = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      narrow.add(
          new Observation(
              40_000 + i % 3,
              Endpoint.parse("203.0.113.7:" + random.nextInt(2048, 4096)),
              Transport.TCP,
              Endpoint.parse(address(i % 200) + ":" + (1 + random.nextInt(65535))),
              Source.STUN,
              Duration.ZERO,
              Instant.ofEpochSecond(random.nextInt(1000))));
    }
    assertThat(NatClassifier.classify(narrow, HOST).allocation().isKnown()).isTrue();
  }

  private static void assertNotSurer(String as, Finding<?> found, Finding<?> truth) {
    assertThat(found.confidence()).as(as).isLessThanOrEqualTo(truth.confidence());
  }

  /** The sizes of blocks and ranges are estimates; the step is not. */
  private static boolean sameKind(Finding<PortAllocation> found, PortAllocation truth) {
    return switch (found.value()) {
      case null -> false;
      case PortAllocation.Preserving preserving -> preserving.equals(truth);
      case PortAllocation.Sequential sequential -> sequential.equals(truth);
      case PortAllocation.Block block -> truth instanceof PortAllocation.Block;
      case PortAllocation.Random range -> truth instanceof PortAllocation.Random;
    };
  }

  private static Behavior behavior(SplittableRandom random) {
    return one(random, Behavior.values());
  }

  private static <T> T one(SplittableRandom random, T[] of) {
    return of[random.nextInt(of.length)];
  }

  private static PortAllocation allocation(SplittableRandom random) {
    int low = 1024 + 512 * random.nextInt(100);
    return switch (random.nextInt(4)) {
      case 0 -> new PortAllocation.Preserving();
      case 1 ->
          new PortAllocation.Sequential(random.nextInt(1, 5) * (random.nextBoolean() ? 1 : -1));
      case 2 -> new PortAllocation.Block(low, low + 511);
      default -> new PortAllocation.Random(1024, 65535);
    };
  }

  private static List<Evidence> anything(SplittableRandom random, int count) {
    List<Evidence> evidence = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Endpoint stranger =
          Endpoint.parse(address(random.nextInt(4000)) + ":" + (1 + random.nextInt(65535)));
      Transport transport = random.nextBoolean() ? Transport.TCP : Transport.UDP;
      Instant when = Instant.ofEpochSecond(random.nextInt(3));
      Endpoint seen =
          Endpoint.parse(
              random.nextInt(9) == 0
                  ? "[2001:db8::7]:4000"
                  : "203.0.113." + random.nextInt(3) + ":" + (40_000 + random.nextInt(4)));
      evidence.add(
          random.nextInt(4) == 0
              ? new FilterProbe(
                  40_000,
                  transport,
                  stranger,
                  one(random, Relation.values()),
                  one(random, Outcome.values()),
                  Duration.ofSeconds(random.nextInt(9)),
                  when)
              : new Observation(
                  40_000 + random.nextInt(3),
                  seen,
                  transport,
                  stranger,
                  one(random, Source.values()),
                  Duration.ofMillis(random.nextInt(3)),
                  when));
    }
    return evidence;
  }

  private static String address(int number) {
    return "198." + (18 + number % 2) + "." + (number / 250 % 250) + "." + (1 + number % 250);
  }
}
