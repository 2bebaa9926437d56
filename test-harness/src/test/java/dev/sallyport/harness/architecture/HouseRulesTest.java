package dev.sallyport.harness.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.sallyport.harness.architecture.offenders.app.left.KnowsRight;
import dev.sallyport.harness.architecture.offenders.app.right.KnowsHarness;
import dev.sallyport.harness.architecture.offenders.app.right.KnowsLeft;
import dev.sallyport.harness.architecture.offenders.attic.OutOfHouse;
import dev.sallyport.harness.architecture.offenders.domain.address.ResolvesNames;
import dev.sallyport.harness.architecture.offenders.domain.attic.OutOfOrder;
import dev.sallyport.harness.architecture.offenders.domain.identity.RollsDice;
import dev.sallyport.harness.architecture.offenders.domain.identity.SeedRandom;
import dev.sallyport.harness.architecture.offenders.domain.nat.ReadsClock;
import dev.sallyport.harness.architecture.offenders.domain.session.NeedsThreads;
import dev.sallyport.harness.architecture.offenders.domain.session.TouchesImpureTypes;
import dev.sallyport.harness.architecture.offenders.domain.session.TouchesProcess;
import dev.sallyport.harness.architecture.offenders.domain.wire.KnowsSession;
import dev.sallyport.harness.architecture.offenders.net.StartsVirtualThreads;
import dev.sallyport.harness.architecture.offenders.ws.KnowsApp;
import dev.sallyport.harness.architecture.offenders.ws.UsesForeignLibraries;
import dev.sallyport.harness.architecture.offenders.ws.unmarked.Unmarked;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house keeps its rules, and each rule is able to catch those who break it. */
class HouseRulesTest {
  private static final String OFFENDERS = HouseRulesTest.class.getPackageName() + ".offenders";

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sallyport");

  private static final JavaClasses BROKEN_HOUSE = new ClassFileImporter().importPackages(OFFENDERS);

  /** A rule, and classes of the broken house that break it with each of their methods. */
  record Rule(String name, Function<HouseRules, ArchRule> made, List<Class<?>> offenders) {
    @Override
    public String toString() {
      return name;
    }

    void checkTheHouse() {
      made.apply(new HouseRules("dev.sallyport")).check(HOUSE);
    }

    List<String> reportOnTheBrokenHouse() {
      return made.apply(new HouseRules(OFFENDERS))
          .evaluate(BROKEN_HOUSE)
          .getFailureReport()
          .getDetails();
    }
  }

  static Stream<Rule> rules() {
    return Stream.of(
        rule(
            "every class has a room",
            HouseRules::everyClassLivesInARoom,
            OutOfHouse.class,
            OutOfOrder.class),
        rule(
            "rooms know only what they stand on",
            HouseRules::roomsKnowOnlyWhatTheyStandOn,
            dev.sallyport.harness.architecture.offenders.domain.nat.KnowsAdapter.class,
            dev.sallyport.harness.architecture.offenders.dht.KnowsAdapter.class,
            KnowsApp.class,
            KnowsHarness.class),
        rule(
            "libraries stay in their rooms",
            HouseRules::librariesStayInTheirRooms,
            UsesForeignLibraries.class),
        rule(
            "the domain's packages stand on each other",
            HouseRules::domainPackagesStandOnEachOther,
            KnowsSession.class),
        rule(
            "the domain touches only pure types",
            HouseRules::domainTouchesOnlyPureTypes,
            TouchesImpureTypes.class),
        rule("the domain resolves no name", HouseRules::domainResolvesNoName, ResolvesNames.class),
        rule("the domain reads no clock", HouseRules::domainReadsNoClock, ReadsClock.class),
        rule(
            "the domain rolls no dice",
            HouseRules::domainRollsNoDice,
            RollsDice.class,
            SeedRandom.Dice.class),
        rule("the domain starts no thread", HouseRules::domainStartsNoThread, NeedsThreads.class),
        rule(
            "the domain leaves the process alone",
            HouseRules::domainLeavesTheProcessAlone,
            TouchesProcess.class),
        rule("no virtual threads", HouseRules::noVirtualThreads, StartsVirtualThreads.class),
        rule(
            "packages have no cycles",
            HouseRules::packagesHaveNoCycles,
            KnowsLeft.class,
            KnowsRight.class),
        rule("every package is null-marked", HouseRules::everyPackageIsNullMarked, Unmarked.class));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseKeepsIt(Rule rule) {
    rule.checkTheHouse();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void itCatchesEveryOffence(Rule rule) {
    List<String> report = rule.reportOnTheBrokenHouse();
    assertThat(rule.offenders().stream().flatMap(HouseRulesTest::offences))
        .isNotEmpty()
        .allSatisfy(offence -> assertThat(report).anyMatch(line -> line.contains(offence)));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void itAccusesNoInnocent(Rule rule) {
    assertThat(rule.reportOnTheBrokenHouse())
        .noneMatch(line -> line.matches("\\w+ <[\\w.]+\\.(Innocent\\w*|SeedRandom)[.>].*"));
  }

  @Test
  void everyRoomAndEveryPackageOfTheDomainIsSeen() {
    HouseRules rules = new HouseRules("dev.sallyport");
    assertThat(HOUSE.stream().map(rules::room)).containsAll(HouseRules.ROOMS.keySet());
    assertThat(HOUSE.stream().map(JavaClass::getPackageName))
        .containsAll(
            HouseRules.DOMAIN_ORDER.stream().map(p -> "dev.sallyport.domain." + p).toList());
  }

  private static Rule rule(
      String name, Function<HouseRules, ArchRule> made, Class<?>... offenders) {
    return new Rule(name, made, List.of(offenders));
  }

  /** The methods of a class as a report names them, or the class if it has none. */
  private static Stream<String> offences(Class<?> offender) {
    List<Method> methods =
        Arrays.stream(offender.getDeclaredMethods()).filter(m -> !m.isSynthetic()).toList();
    return methods.isEmpty()
        ? Stream.of("<" + offender.getName() + ">")
        : methods.stream().map(method -> "<" + offender.getName() + "." + method.getName() + "(");
  }
}
