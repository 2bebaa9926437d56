package dev.sallyport.harness.play;

import dev.sallyport.harness.fabric.FabricException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How {@code sallyport} is started: by the very functions of its launcher, on the JDK that runs us,
 * but without a look at the sources, because nothing can be built inside a lab.
 *
 * <p>The system property {@value #COMMAND} puts another command in its place, its words split at
 * spaces. Nothing of our own environment is handed on but {@value #JAVA_OPTIONS}, the user's flags
 * for the JVM.
 */
public record AppCommand(List<String> words, Map<String, String> environment) {
  /** The property that names another command. */
  public static final String COMMAND = "sallyport.lab.command";

  private static final String JAVA_OPTIONS = "SALLYPORT_JAVA_OPTS";
  private static final String HOME = "sallyport.home";
  private static final String LAUNCHER = ".launch.sh";
  private static final String LAUNCH =
      """
      home=$1; shift; . "$home/.launch.sh"; find_jdk
      warm_up "$app_jar" dev.sallyport.app.cli.Main
      become_java "$app_jar" dev.sallyport.app.cli.Main "$@"
      """;

  /**
   * @throws FabricException if there is no runnable jar, saying how to make it
   */
  public static AppCommand locate() throws FabricException {
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME",
            System.getProperty("java.home", ""),
            JAVA_OPTIONS,
            System.getenv().getOrDefault(JAVA_OPTIONS, ""));
    String other = System.getProperty(COMMAND);
    if (other != null && !other.isBlank()) {
      return new AppCommand(List.of(other.strip().split(" +")), environment);
    }
    Path home = home();
    if (home == null || !Files.isReadable(home.resolve("app/target/sallyport.jar"))) {
      throw new FabricException(
          "The lab plays the real sallyport, but there is no app/target/sallyport.jar; build it with:"
              + " mvn package");
    }
    return new AppCommand(List.of("sh", "-c", LAUNCH, "sallyport", home.toString()), environment);
  }

  /** The whole command with these arguments. */
  List<String> with(List<String> arguments) {
    List<String> whole = new ArrayList<>(words);
    whole.addAll(arguments);
    return whole;
  }

  /** The folder of the project: where the launcher says, or above our own classes. */
  static @Nullable Path home() {
    String told = System.getProperty(HOME);
    if (told != null) {
      return Path.of(told);
    }
    try {
      Path folder =
          Path.of(AppCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      while (folder != null && !Files.exists(folder.resolve(LAUNCHER))) {
        folder = folder.getParent();
      }
      return folder;
    } catch (URISyntaxException e) {
      return null;
    }
  }
}
