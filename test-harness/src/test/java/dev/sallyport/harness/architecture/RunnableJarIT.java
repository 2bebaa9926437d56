package dev.sallyport.harness.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The jars that the launchers start hold all they need, and nothing that would stop them. */
class RunnableJarIT {
  private static final Path HOME = Path.of(System.getProperty("sallyport.home"));

  /** What the build takes parts of, rather than all. */
  private static final Set<String> TRIMMED = Set.of("lbms.plugins.", "the8472.", "net.i2p.", "bt.");

  private static final Pattern OURS_OR_TRIMMED =
      Pattern.compile(".*!/(dev/sallyport|lbms|the8472|net/i2p|bt)/.*");

  @ParameterizedTest
  @CsvSource({
    "app/target/sallyport.jar, dev.sallyport.app.cli.Main",
    "test-harness/target/lab.jar, dev.sallyport.harness.Lab"
  })
  void jar_startsOurMainClass_andIsUnsigned(String jar, String mainClass) throws IOException {
    try (JarFile file = new JarFile(HOME.resolve(jar).toFile())) {
      Attributes manifest = file.getManifest().getMainAttributes();
      assertThat(manifest.getValue(Attributes.Name.MAIN_CLASS)).isEqualTo(mainClass);
      assertThat(manifest.getValue(Attributes.Name.IMPLEMENTATION_VERSION)).isNotBlank();
      List<String> names = file.stream().map(JarEntry::getName).toList();
      assertThat(names)
          .contains(mainClass.replace('.', '/') + ".class")
          .contains("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")
          .contains("META-INF/services/ch.qos.logback.classic.spi.Configurator")
          .doesNotHaveDuplicates()
          .noneMatch(name -> name.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)"));
    }
  }

  @Test
  void sallyportJar_lacksNoClassThatOursReach() throws IOException {
    Map<String, String> missing = new TreeMap<>();
    Deque<JavaClass> open = new ArrayDeque<>();
    try (JarFile file = new JarFile(HOME.resolve("app/target/sallyport.jar").toFile())) {
      new ClassFileImporter()
          .withImportOption(location -> location.matches(OURS_OR_TRIMMED)).importJar(file).stream()
              .filter(type -> type.getName().startsWith("dev.sallyport."))
              .forEach(open::add);
    }
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      JavaClass type = open.remove();
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (TRIMMED.stream().noneMatch(target.getName()::startsWith)
            || !seen.add(target.getName())) {
          continue;
        }
        if (target.isFullyImported()) {
          open.add(target);
        } else {
          missing.put(target.getName(), dependency.getDescription());
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(seen).anyMatch(name -> name.startsWith("lbms.plugins."));
  }
}
