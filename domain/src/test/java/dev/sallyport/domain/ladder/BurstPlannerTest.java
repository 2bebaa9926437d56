package dev.sallyport.domain.ladder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.rendezvous.Strategy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who dials what, where ports have to be guessed. */
class BurstPlannerTest {
  private static final Endpoint EASY = Endpoint.parse("203.0.113.7:4000");
  private static final InetAddress HARD = Endpoint.parse("198.51.100.9:1").address();

  @Test
  void aForeseenSide_opensAFewPortsAtOnce_andHoldsThem() {
    Burst burst = BurstPlanner.foreseen(EASY, true).getFirst();
    assertThat(burst.localPort()).isZero();
    assertThat(burst.targets()).hasSize(4).containsOnly(EASY);
    assertThat(burst.atOnce()).isGreaterThanOrEqualTo(4);
    assertThat(burst.after()).isZero();
    assertThat(BurstPlanner.foreseen(EASY, false).getFirst().after())
        .as("a guess waits for a plain open")
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void ofAWideWindow_whatIsFurtherOn_leavesOneByOne() {
    List<Burst> all = BurstPlanner.window(8765, HARD, new Strategy.Predicted(5000, 1, 64));
    assertThat(all).extracting(burst -> burst.targets().size()).containsExactly(4, 8, 52);
    assertThat(all).extracting(burst -> burst.after().toMillis()).containsExactly(0L, 150L, 600L);
    assertThat(all).extracting(Burst::atOnce).containsExactly(4, 1, 1);
    assertThat(all.stream().flatMap(burst -> ports(burst).stream()))
        .startsWith(5001, 5002)
        .endsWith(5064)
        .isSorted();
    assertThat(8 * 1000 / all.get(1).perSecond()).as("ms for the next").isLessThan(450);
    assertThat(52 / all.getLast().perSecond()).as("seconds for all").isLessThan(2);
    assertThat(BurstPlanner.window(8765, HARD, new Strategy.Predicted(5000, 1, 12))).hasSize(2);
  }

  @Test
  void theOtherSide_dialsTheNextPorts_stepByStep_theFirstFewAtOnce() {
    Burst up = window(new Strategy.Predicted(5000, 2, 4));
    assertThat(up.localPort()).isEqualTo(8765);
    assertThat(up.targets()).containsExactly(hard(5002), hard(5004), hard(5006), hard(5008));
    assertThat(up.atOnce()).isEqualTo(4);
    assertThat(ports(window(new Strategy.Predicted(5000, -1, 3))))
        .containsExactly(4999, 4998, 4997);
  }

  @Test
  void aWindow_goesOnAtTheOtherEndOfThePorts() {
    assertThat(ports(window(new Strategy.Predicted(65534, 1, 3))))
        .containsExactly(65535, 1024, 1025);
    assertThat(ports(window(new Strategy.Predicted(1025, -1, 3))))
        .containsExactly(1024, 65535, 65534);
  }

  /** Two NATs in steps: the n-th port of one is dialled from the n-th port of the other. */
  @ParameterizedTest
  @CsvSource({"1, 1, 0", "1, 2, 3", "2, -1, 7", "-3, 5, 1"})
  void twoForeseenSides_meet(int callerStep, int serviceStep, int moved) {
    Strategy.Predicted caller = new Strategy.Predicted(20_000, callerStep, 64);
    Strategy.Predicted service = new Strategy.Predicted(40_000, serviceStep, 64);
    List<Integer> serviceDials = ports(BurstPlanner.window(0, EASY.address(), caller).getFirst());
    Endpoint callerNow = new Endpoint(EASY.address(), 20_000 + callerStep * moved);
    List<Integer> callerDials =
        ports(BurstPlanner.mirrored(HARD, service, caller, callerNow).getFirst());
    int meetings = 0;
    for (int n = 0; n < callerDials.size(); n++) {
      int from = callerNow.port() + callerStep * (n + 1);
      int hole = serviceDials.indexOf(from);
      if (hole >= 0 && callerDials.get(n) == 40_000 + serviceStep * (hole + 1)) {
        meetings++;
      }
    }
    assertThat(meetings).isGreaterThanOrEqualTo(4);
  }

  /** Somebody else behind one of the NATs has opened connections in between. */
  @ParameterizedTest
  @ValueSource(ints = {-2, -1, 1, 2, 3, 4})
  void twoForeseenSides_meetAlsoIfOneHasMovedOn(int unseen) {
    Strategy.Predicted caller = new Strategy.Predicted(20_000, 1, 64);
    Strategy.Predicted service = new Strategy.Predicted(40_000, 1, 64);
    List<Integer> callerDials =
        ports(
            BurstPlanner.mirrored(HARD, service, caller, new Endpoint(EASY.address(), 20_005))
                .getFirst());
    int meetings = 0;
    for (int n = 0; n < callerDials.size(); n++) {
      int hole = 5 + n; // of the service's dials, the one to the port that this leaves from
      meetings += callerDials.get(n) == 40_000 + hole + 1 + unseen ? 1 : 0;
    }
    assertThat(meetings).isPositive();
  }

  @Test
  void theWindowIsBoundedByWhatIsSaid() {
    assertThat(BurstPlanner.foresee(steps(3), EASY)).isEqualTo(new Strategy.Predicted(4000, 3, 64));
  }

  @Test
  void theHardSideOfABirthday_takesANewPortEachTime() {
    Strategy.Birthday birthday = BurstPlanner.birthday(true, hardNat(null));
    Burst burst = BurstPlanner.hardBirthday(EASY, birthday, true).getFirst();
    assertThat(burst.localPort()).isZero();
    assertThat(burst.targets()).hasSize(2048).containsOnly(EASY);
    assertThat(burst.hold()).as("one SYN each").isLessThan(Duration.ofSeconds(1));
    assertThat(burst.again()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theEasySide_dialsPortsOfTheRange_noneTwice(long seed) {
    Strategy.Birthday birthday =
        BurstPlanner.birthday(false, hardNat(new PortAllocation.Random(30_000, 60_000)));
    Burst burst = easy(birthday, seed, "reflexive 198.51.100.9:31000");
    assertThat(burst.localPort()).isEqualTo(8765);
    assertThat(burst.targets()).as("seed %s", seed).hasSize(512).doesNotHaveDuplicates();
    assertThat(burst.targets()).allMatch(e -> e.address().equals(HARD));
    assertThat(ports(burst)).allMatch(port -> port >= 30_000 && port <= 60_000);
    int low = (int) ports(burst).stream().filter(port -> port < 45_000).count();
    assertThat(low).as("spread over the range").isBetween(180, 332);
    assertThat(burst.targets())
        .isNotEqualTo(easy(birthday, seed + 9, "reflexive 198.51.100.9:1").targets());
  }

  @Test
  void ofABlock_everyPortIsTried_andFewAreOpened() {
    Strategy.Birthday birthday =
        BurstPlanner.birthday(false, hardNat(new PortAllocation.Block(2048, 2559)));
    List<Burst> lots = BurstPlanner.hardBirthday(EASY, birthday, true);
    assertThat(lots).extracting(lot -> lot.targets().size()).containsExactly(32, 32, 16);
    assertThat(lots).extracting(lot -> lot.after().toMillis()).containsExactly(0L, 500L, 1000L);
    assertThat(lots).extracting(lot -> !lot.again().isZero()).containsExactly(true, false, false);
    assertThat(lots.getLast().atOnce()).as("one by one").isEqualTo(1);
    Burst burst = easy(birthday, 1, "reflexive 198.51.100.9:2100");
    assertThat(burst.targets()).hasSize(512).doesNotHaveDuplicates();
    assertThat(ports(burst)).allMatch(port -> port >= 2048 && port <= 2559);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1 1", "3, 1 1 1", "5, 2 2 1", "64, 25 25 14"})
  void anyNumberOfPorts_isOpenedInLots(int sockets, String lots) {
    Strategy.Birthday asked = new Strategy.Birthday(false, sockets, 9, 2048, 2559);
    assertThat(
            BurstPlanner.hardBirthday(EASY, asked, true).stream()
                .map(lot -> "" + lot.targets().size())
                .collect(Collectors.joining(" ")))
        .isEqualTo(lots);
  }

  /** Up to 4,096 ports each is tried once; of more, as many as there are SYNs for. */
  @ParameterizedTest
  @CsvSource({"4096, 80, 2048, 4000, 950", "4097, 2048, 512, 950, 4000"})
  void aRange_isABlock_ifEachPortCanBeTried(
      int ports, int sockets, int dials, int hardHolds, int easyHolds) {
    Strategy.Birthday birthday =
        BurstPlanner.birthday(false, hardNat(new PortAllocation.Block(10_000, 9_999 + ports)));
    assertThat(birthday.sockets()).isEqualTo(sockets);
    assertThat(birthday.dials()).isEqualTo(dials);
    assertThat(BurstPlanner.hardBirthday(EASY, birthday, true).getFirst().hold())
        .isEqualTo(Duration.ofMillis(hardHolds));
    assertThat(easy(birthday, 1, "reflexive 198.51.100.9:10500").hold())
        .isEqualTo(Duration.ofMillis(easyHolds));
  }

  @Test
  void addressesOfAPool_areTriedInTurns_notOneAfterTheOther() {
    Strategy.Birthday birthday =
        BurstPlanner.birthday(false, hardNat(new PortAllocation.Block(2048, 2559)));
    Burst burst = easy(birthday, 1, "reflexive 198.51.100.9:2100, reflexive 198.51.100.10:2100");
    long ofTheFirst =
        burst.targets().stream().limit(512).filter(e -> e.address().equals(HARD)).count();
    assertThat(ofTheFirst).isBetween(180L, 332L);
  }

  @Test
  void allThatIsDialledOfASide_isWhereItIsSeen() {
    String pool = "reflexive 198.51.100.9:1, reflexive 198.51.100.10:2, reflexive 198.51.100.9:3";
    assertThat(BurstPlanner.dialled(side(pool + ", host 10.0.0.1:1")))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("198.51.100.9", "198.51.100.10");
    assertThat(BurstPlanner.dialled(side("host 203.0.113.9:8765")))
        .extracting(InetAddress::getHostAddress)
        .containsExactly("203.0.113.9");
    assertThat(BurstPlanner.dialled(side("host 10.0.0.1:1"))).isEmpty();
    assertThat(BurstPlanner.addresses(side(pool))).hasSize(2);
  }

  @Test
  void aBurstThatCannotBeDialled_isRefused() {
    assertThatCode(() -> burst(65_535, 1, 1, Duration.ofNanos(1))).doesNotThrowAnyException();
    assertThatThrownBy(() -> burst(65_536, 1, 1, Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> burst(-1, 1, 1, Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> burst(0, 0, 1, Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> burst(0, 1, 0, Duration.ofNanos(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> burst(0, 1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Burst burst(int localPort, int perSecond, int atOnce, Duration hold) {
    return new Burst(
        localPort, List.of(EASY), Duration.ZERO, perSecond, atOnce, hold, Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 512, 2048, 2049, 2405, 4096, 4097, 64_512})
  void whateverRangeIsClaimed_noMoreIsDialledThanAllowed_norThanThereIs(int ports) {
    PortAllocation range = new PortAllocation.Random(1024, 1023 + ports);
    Strategy.Birthday birthday = BurstPlanner.birthday(false, hardNat(range));
    assertThat(birthday.dials()).isBetween(1, Math.min(ports, Strategy.MAX_SYNS));
  }

  @Test
  void aBirthdayMisses_whereTheBlockIsAnotherOne_andNotWhereItIsAbove() {
    Strategy.Birthday birthday =
        BurstPlanner.birthday(false, hardNat(new PortAllocation.Block(2048, 2559)));
    assertThat(BurstPlanner.misses(birthday, hardNat(new PortAllocation.Block(2560, 3071))))
        .isTrue();
    assertThat(BurstPlanner.misses(birthday, hardNat(new PortAllocation.Block(2048, 3071))))
        .isFalse();
    assertThat(BurstPlanner.misses(birthday, hardNat(new PortAllocation.Block(2559, 3070))))
        .as("one port is enough")
        .isFalse();
    assertThat(BurstPlanner.misses(birthday, hardNat(new PortAllocation.Block(1537, 2048))))
        .isFalse();
    assertThat(BurstPlanner.misses(birthday, hardNat(new PortAllocation.Block(1536, 2047))))
        .isTrue();
  }

  @Test
  void aGuess_isMistaken_whereManyPortsTurnOutFew_orFewMany_orTheStepIsAnother() {
    NatProfile block = hardNat(new PortAllocation.Block(2048, 2559));
    NatProfile another = hardNat(new PortAllocation.Block(60_928, 61_439));
    NatProfile random = hardNat(new PortAllocation.Random(1024, 65_535));
    NatProfile half = hardNat(new PortAllocation.Random(32_768, 60_999));
    Strategy few = BurstPlanner.birthday(true, block);
    Strategy many = BurstPlanner.birthday(true, random);
    assertThat(BurstPlanner.isMistaken(many, block)).isTrue();
    assertThat(BurstPlanner.isMistaken(few, random)).isTrue();
    assertThat(BurstPlanner.isMistaken(few, another)).as("of another address").isFalse();
    assertThat(BurstPlanner.isMistaken(many, half)).isFalse();
    Strategy steps = new Strategy.Predicted(7000, 1, 64);
    assertThat(BurstPlanner.isMistaken(steps, hardNat(new PortAllocation.Sequential(2)))).isTrue();
    assertThat(BurstPlanner.isMistaken(steps, hardNat(new PortAllocation.Sequential(1)))).isFalse();
    assertThat(BurstPlanner.misses(new Strategy.Birthday(false, 64, 512, 2048, 2559), random))
        .as("the service is mistaken for one with a block")
        .isTrue();
  }

  @Test
  void eachAddressOfAPool_hasABlockOfItsOwn_aroundThePortThatWasSeen() {
    Strategy.Birthday birthday =
        BurstPlanner.birthday(false, hardNat(new PortAllocation.Block(2048, 2559)));
    Burst burst = easy(birthday, 1, "reflexive 198.51.100.9:2100, reflexive 198.51.100.10:61000");
    assertThat(burst.targets()).hasSize(1024).doesNotHaveDuplicates();
    assertThat(burst.targets())
        .allMatch(
            e ->
                e.address().equals(HARD)
                    ? e.port() >= 2048 && e.port() <= 2559
                    : e.port() >= 60_928 && e.port() <= 61_439);
  }

  @Test
  void aPoolIsNotMoreThanABirthdayMayDial_andABlockNotMorePortsThanThereAre() {
    Strategy.Birthday birthday =
        BurstPlanner.birthday(false, hardNat(new PortAllocation.Block(63_488, 65_535)));
    Burst burst = easy(birthday, 1, "reflexive 198.51.100.9:64000, reflexive 198.51.100.10:64001");
    assertThat(burst.targets()).hasSize(Strategy.MAX_SYNS).doesNotHaveDuplicates();
    Strategy.Birthday odd = new Strategy.Birthday(false, 1, 512, 64_100, 64_611);
    assertThat(ports(easy(odd, 1, "reflexive 198.51.100.9:65500")))
        .as("the block is cut off where the ports end")
        .hasSize(65_536 - 65_124)
        .contains(65_124, 65_535);
  }

  @Test
  void withoutAnAddress_nothingIsDialled() {
    assertThat(
            BurstPlanner.easyBirthday(
                8765,
                side("host 192.168.1.2:1"),
                BurstPlanner.birthday(true, hardNat(null)),
                new Random(1),
                true))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "reflexive 203.0.113.7:4000, reflexive 203.0.113.7:4001, host 10.0.0.1:1; 203.0.113.7:4000",
        "host 203.0.113.9:8765; 203.0.113.9:8765",
        "host [2001:db8::1]:8765, host 203.0.113.9:8765; 203.0.113.9:8765",
        "host 10.0.0.1:1;",
        "advertised 203.0.113.9:80;",
      })
  void theMeetingPoint_isWhereASideIsSeenFirst(String candidates, @Nullable String expected) {
    assertThat(BurstPlanner.meetingPoint(side(candidates)))
        .isEqualTo(expected == null ? null : Endpoint.parse(expected));
  }

  private static Burst window(Strategy.Predicted ports) {
    return BurstPlanner.window(8765, HARD, ports).getFirst();
  }

  private static Burst easy(Strategy.Birthday birthday, long seed, String hard) {
    return BurstPlanner.easyBirthday(8765, side(hard), birthday, new Random(seed), true).getFirst();
  }

  private static Endpoint hard(int port) {
    return new Endpoint(HARD, port);
  }

  private static List<Integer> ports(Burst burst) {
    return burst.targets().stream().map(Endpoint::port).toList();
  }

  private static Side side(String candidates) {
    List<Candidate> list = new ArrayList<>();
    Arrays.stream(candidates.split(", ", -1))
        .map(text -> text.split(" ", -1))
        .forEach(
            word ->
                list.add(
                    new Candidate(
                        CandidateKind.valueOf(word[0].toUpperCase(java.util.Locale.ROOT)),
                        Endpoint.parse(word[1]))));
    return new Side(list, NatProfile.unknown());
  }

  private static NatProfile steps(int step) {
    return hardNat(new PortAllocation.Sequential(step));
  }

  private static NatProfile hardNat(@Nullable PortAllocation allocation) {
    return new NatProfile(
        Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 80),
        Finding.unknown(),
        Finding.unknown(),
        Finding.unknown(),
        allocation == null ? Finding.unknown() : Finding.of(allocation, 80),
        Finding.unknown(),
        false,
        false);
  }
}
