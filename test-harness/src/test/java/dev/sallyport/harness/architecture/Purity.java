package dev.sallyport.harness.architecture;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What code without side effects may touch, and which calls of the types it may touch are not for
 * it. Types are listed by what is allowed; a type that is half pure is listed by its pure members
 * where those are few, by the others where those are.
 */
final class Purity {
  private static final Set<String> PURE_PACKAGES =
      Set.of(
          "java.lang",
          "java.lang.annotation",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.math",
          "java.nio.charset",
          "java.security",
          "java.security.interfaces",
          "java.security.spec",
          "java.time",
          "java.time.temporal",
          "java.util",
          "java.util.concurrent.atomic",
          "java.util.function",
          "java.util.stream",
          "javax.crypto",
          "javax.crypto.spec",
          "org.jspecify.annotations");

  private static final Set<String> PURE_TYPES =
      Set.of(
          "java.net.Inet4Address",
          "java.net.Inet6Address",
          "java.net.InetAddress",
          "java.net.InetSocketAddress",
          "java.net.UnknownHostException",
          "java.util.concurrent.CompletableFuture",
          "java.util.concurrent.CompletionException",
          "java.util.concurrent.CompletionStage",
          // The interface by which chance comes in from outside; its factories are no part of it.
          "java.util.random.RandomGenerator");

  /** Types in pure packages that are not: threads, clocks, chance, the process, the machine. */
  private static final Set<String> IMPURE_TYPES =
      Set.of(
          "java.lang.ClassLoader",
          "java.lang.InheritableThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.ThreadLocal",
          "java.security.KeyPairGenerator",
          "java.security.SecureRandom",
          "java.security.SecureRandomSpi",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Calendar",
          "java.util.Date",
          "java.util.GregorianCalendar",
          "java.util.Random",
          "java.util.ResourceBundle",
          "java.util.Scanner",
          "java.util.ServiceLoader",
          "java.util.SplittableRandom",
          "java.util.TimeZone",
          "java.util.Timer",
          "java.util.TimerTask",
          "javax.crypto.KeyGenerator");

  /** What the class that returns a given seed as if it were random is made of. */
  static final Set<String> SEED_RANDOM_STANDS_ON =
      Set.of(
          "java.security.KeyPairGenerator",
          "java.security.SecureRandom",
          "java.security.SecureRandomSpi");

  /** The members of java.net's addresses that are values; the others may ask a resolver. */
  private static final Set<String> ADDRESS_VALUES =
      Set.of(
          "equals",
          "getAddress",
          "getByAddress",
          "getHostAddress",
          "getHostString",
          "getPort",
          "hashCode",
          "isAnyLocalAddress",
          "isIPv4CompatibleAddress",
          "isLinkLocalAddress",
          "isLoopbackAddress",
          "isMulticastAddress",
          "isSiteLocalAddress",
          "isUnresolved",
          "toString");

  private static final Map<String, Set<String>> CLOCKS =
      Map.of(
          "java.lang.System", Set.of("currentTimeMillis", "nanoTime"),
          "java.time.ZoneId", Set.of("systemDefault"));

  private static final Map<String, Set<String>> CHANCE =
      Map.of(
          "java.lang.Math", Set.of("random"),
          "java.lang.StrictMath", Set.of("random"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.util.random.RandomGenerator", Set.of("getDefault", "of"));

  private static final Map<String, Set<String>> WAITING =
      Map.of(
          "java.lang.Object", Set.of("notify", "notifyAll", "wait"),
          "java.util.concurrent.CompletableFuture",
              Set.of(
                  "completeOnTimeout",
                  "defaultExecutor",
                  "delayedExecutor",
                  "get",
                  "join",
                  "orTimeout"));

  private Purity() {}

  static boolean isPure(JavaClass type) {
    String name = topLevelName(type);
    return type.isPrimitive()
        || PURE_TYPES.contains(name)
        || (PURE_PACKAGES.contains(type.getPackageName()) && !IMPURE_TYPES.contains(name));
  }

  static boolean resolvesName(JavaAccess<?> access) {
    String owner = owner(access);
    if (owner.equals("java.net.InetSocketAddress") && isConstructor(access)) {
      return !parameters(access).equals(List.of("java.net.InetAddress", "int"));
    }
    return owner.matches("java\\.net\\.Inet(4|6|Socket)?Address")
        && !ADDRESS_VALUES.contains(access.getTarget().getName());
  }

  static boolean readsClock(JavaAccess<?> access) {
    String owner = owner(access);
    String member = access.getTarget().getName();
    return isListed(CLOCKS, owner, member)
        || (owner.startsWith("java.time.") && member.equals("now"))
        || owner.equals("java.time.Clock")
        || owner.equals("java.time.InstantSource")
        || owner.equals("java.util.Date")
        || owner.equals("java.util.Calendar");
  }

  static boolean isRandom(JavaAccess<?> access) {
    String owner = owner(access);
    String member = access.getTarget().getName();
    int parameters = parameters(access).size();
    return isListed(CHANCE, owner, member)
        || owner.matches(
            "java\\.(util|security)\\.(Random|S\\w+Random|SecureRandomSpi|KeyPairGenerator)")
        || owner.equals("java.util.concurrent.ThreadLocalRandom")
        || owner.equals("java.util.random.RandomGeneratorFactory")
        || owner.equals("javax.crypto.KeyGenerator")
        || (owner.equals("java.util.Collections") && member.equals("shuffle") && parameters == 1)
        // Without parameters a cipher draws its own nonce.
        || (owner.equals("javax.crypto.Cipher") && member.equals("init") && parameters == 2);
  }

  /** The accesses that make a source which returns one seed, and have a key made from it. */
  static boolean isForSeedRandom(JavaAccess<?> access) {
    return switch (owner(access)) {
      case "java.security.SecureRandom" ->
          isConstructor(access)
              && parameters(access)
                  .equals(List.of("java.security.SecureRandomSpi", "java.security.Provider"));
      case "java.security.SecureRandomSpi" -> isConstructor(access);
      case "java.security.KeyPairGenerator" ->
          !access.getTarget().getName().equals("initialize")
              || parameters(access).contains("java.security.SecureRandom");
      default -> false;
    };
  }

  static boolean needsThread(JavaAccess<?> access) {
    String owner = owner(access);
    String member = access.getTarget().getName();
    return isListed(WAITING, owner, member)
        || owner.equals("java.lang.Thread")
        || owner.startsWith("java.util.concurrent.Executor")
        || (owner.startsWith("java.util.concurrent.Complet") && member.endsWith("Async"))
        || (owner.startsWith("java.util.") && member.startsWith("parallel"));
  }

  static boolean isVirtual(JavaAccess<?> access) {
    return access.getTarget().getName().contains("Virtual")
        && owner(access).matches("java\\.(lang\\.Thread|util\\.concurrent\\.Executors)");
  }

  static boolean touchesProcess(JavaAccess<?> access) {
    String owner = owner(access);
    String member = access.getTarget().getName();
    return (owner.equals("java.lang.System") && !member.equals("arraycopy"))
        || (owner.equals("java.util.Locale") && member.equals("getDefault"))
        || member.equals("printStackTrace");
  }

  private static boolean isListed(Map<String, Set<String>> members, String owner, String member) {
    return members.getOrDefault(owner, Set.of()).contains(member);
  }

  private static String owner(JavaAccess<?> access) {
    return access.getTargetOwner().getName();
  }

  private static boolean isConstructor(JavaAccess<?> access) {
    return access.getTarget().getName().equals("<init>");
  }

  private static List<String> parameters(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitAccessTarget target
        ? target.getRawParameterTypes().stream().map(JavaClass::getName).toList()
        : List.of();
  }

  private static String topLevelName(JavaClass type) {
    return type.getName().split("\\$", 2)[0];
  }
}
