package dev.sallyport.harness.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.NullMarked;

/**
 * The rules for the house whose packages start with {@code root}. They take it as an argument so
 * that the tests can show each one a house that breaks it.
 */
record HouseRules(String root) {
  /** Each room, with the rooms it may know beside itself. */
  static final Map<String, Set<String>> ROOMS =
      Map.of(
          "domain", Set.of(),
          "dht", Set.of("domain"),
          "net", Set.of("domain"),
          "ws", Set.of("domain"),
          "app", Set.of("domain", "dht", "net", "ws"),
          "harness", Set.of("domain", "dht", "net", "ws", "app"));

  /** The domain's packages; each stands on those before it. */
  static final List<String> DOMAIN_ORDER =
      List.of("wire", "address", "identity", "nat", "rendezvous", "ladder", "punch", "session");

  /** The libraries, each with the rooms that may use it. The harness may use whatever it wants. */
  private static final Map<String, Set<String>> LIBRARIES =
      Map.ofEntries(
          Map.entry("org.jspecify", ROOMS.keySet()),
          Map.entry("org.slf4j", Set.of("dht", "net", "ws", "app")),
          Map.entry("lbms.plugins.mldht", Set.of("dht")),
          Map.entry("the8472", Set.of("dht")),
          Map.entry("net.i2p.crypto.eddsa", Set.of("dht")),
          Map.entry("org.java_websocket", Set.of("ws")),
          Map.entry("com.google.common", Set.of("app")),
          Map.entry("com.google.inject", Set.of("app")),
          Map.entry("jakarta.inject", Set.of("app")),
          Map.entry("picocli", Set.of("app")),
          Map.entry("io.github.resilience4j", Set.of("app")),
          Map.entry("ch.qos.logback", Set.of("app")));

  ArchRule everyClassLivesInARoom() {
    return classes().that(live("")).should(satisfy("live in a room", t -> hasPlace(t)));
  }

  ArchRule roomsKnowOnlyWhatTheyStandOn() {
    return classes()
        .that(live(""))
        .should(dependOnlyOn("rooms below its own, " + ROOMS, (from, to) -> mayKnow(from, to)));
  }

  ArchRule librariesStayInTheirRooms() {
    return classes()
        .that(live(""))
        .should(dependOnlyOn("libraries of its room", (from, to) -> mayUse(room(from), to)));
  }

  ArchRule domainPackagesStandOnEachOther() {
    return classes()
        .that(live(".domain"))
        .should(dependOnlyOn("what is below it in " + DOMAIN_ORDER, (f, t) -> isBelow(f, t)));
  }

  ArchRule domainTouchesOnlyPureTypes() {
    return classes()
        .that(live(".domain"))
        .should(
            dependOnlyOn(
                "the domain and types without side effects",
                (from, to) -> isInDomain(to) || Purity.isPure(to) || isSeedRandomsOwn(from, to)));
  }

  ArchRule domainResolvesNoName() {
    return noneInTheDomain("resolve a name", Purity::resolvesName);
  }

  ArchRule domainReadsNoClock() {
    return noneInTheDomain("read a clock", Purity::readsClock);
  }

  ArchRule domainRollsNoDice() {
    return noneInTheDomain(
        "draw from a random source", a -> Purity.isRandom(a) && !isSeedRandomsOwn(a));
  }

  ArchRule domainStartsNoThread() {
    return noneInTheDomain("start a thread or wait for one", Purity::needsThread);
  }

  ArchRule domainLeavesTheProcessAlone() {
    return noneInTheDomain("ask or tell the process anything", Purity::touchesProcess);
  }

  /**
   * A virtual thread that waits for a socket starts pollers that stay in native code, for which a
   * JVM waits 300 ms when it exits.
   */
  ArchRule noVirtualThreads() {
    return classes().that(live("")).should(never("start a virtual thread", Purity::isVirtual));
  }

  ArchRule packagesHaveNoCycles() {
    return slices().matching(root + ".(**)").should().beFreeOfCycles();
  }

  ArchRule everyPackageIsNullMarked() {
    return classes()
        .that(live(""))
        .should(
            satisfy(
                "live in a @NullMarked package",
                t -> t.getPackage().isAnnotatedWith(NullMarked.class)));
  }

  /** The first package component under the root: the room a class lives in. */
  String room(JavaClass type) {
    return component(root, type);
  }

  private String domainPackage(JavaClass type) {
    return component(root + ".domain", type);
  }

  private static String component(String prefix, JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith(prefix + ".")) {
      return "";
    }
    return name.substring(prefix.length() + 1).split("\\.", 2)[0];
  }

  private boolean isOurs(JavaClass type) {
    return type.getPackageName().equals(root) || type.getPackageName().startsWith(root + ".");
  }

  private boolean isInDomain(JavaClass type) {
    return room(type).equals("domain");
  }

  private boolean hasPlace(JavaClass type) {
    return isInDomain(type)
        ? DOMAIN_ORDER.contains(domainPackage(type))
        : ROOMS.containsKey(room(type));
  }

  private boolean mayKnow(JavaClass from, JavaClass to) {
    return !isOurs(to)
        || room(from).equals(room(to))
        || ROOMS.getOrDefault(room(from), Set.of()).contains(room(to));
  }

  private boolean isBelow(JavaClass from, JavaClass to) {
    return DOMAIN_ORDER.indexOf(domainPackage(to)) <= DOMAIN_ORDER.indexOf(domainPackage(from));
  }

  private boolean mayUse(String room, JavaClass type) {
    String name = type.getName();
    boolean isLibrary =
        !isOurs(type) && !type.isPrimitive() && !name.matches("(java|javax|jdk)\\..*");
    return !isLibrary
        || room.equals("harness")
        || LIBRARIES.entrySet().stream()
            .filter(library -> name.startsWith(library.getKey() + "."))
            .anyMatch(library -> library.getValue().contains(room));
  }

  /** The one class that extends SecureRandom returns a given seed: it is no random source. */
  private boolean isSeedRandom(JavaClass type) {
    String name = root + ".domain.identity.SeedRandom";
    return type.getName().equals(name) || type.getName().startsWith(name + "$");
  }

  private boolean isSeedRandomsOwn(JavaClass from, JavaClass to) {
    return isSeedRandom(from) && Purity.SEED_RANDOM_STANDS_ON.contains(to.getName());
  }

  private boolean isSeedRandomsOwn(JavaAccess<?> access) {
    return isSeedRandom(access.getOriginOwner()) && Purity.isForSeedRandom(access);
  }

  private DescribedPredicate<JavaClass> live(String place) {
    String prefix = root + place;
    return DescribedPredicate.describe(
        "live in " + prefix,
        type ->
            type.getPackageName().equals(prefix) || type.getPackageName().startsWith(prefix + "."));
  }

  private ArchRule noneInTheDomain(String what, Predicate<JavaAccess<?>> isForbidden) {
    return classes().that(live(".domain")).should(never(what, isForbidden));
  }

  private static ArchCondition<JavaClass> never(String what, Predicate<JavaAccess<?>> isForbidden) {
    return new ArchCondition<>("never " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
          if (isForbidden.test(access)) {
            events.add(SimpleConditionEvent.violated(access, access.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> dependOnlyOn(
      String what, BiPredicate<JavaClass, JavaClass> isAllowed) {
    return new ArchCondition<>("depend only on " + what) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
          if (!isAllowed.test(type, dependency.getTargetClass().getBaseComponentType())) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> satisfy(String what, Predicate<JavaClass> isSo) {
    return ArchCondition.from(DescribedPredicate.describe(what, isSo));
  }
}
