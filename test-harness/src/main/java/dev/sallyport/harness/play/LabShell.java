package dev.sallyport.harness.play;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A network for people to look around in. */
public record LabShell(Fabric fabric, AppCommand command) {

  /**
   * Builds a network, starts its DHT nodes and STUN servers, and runs {@code bash} in its middle,
   * on our own terminal.
   *
   * @param out told what is where
   * @return the exit code of the shell
   */
  public int open(Scenario scenario, PrintWriter out)
      throws FabricException, IOException, InterruptedException {
    String missing = fabric.missing(scenario);
    if (missing != null) {
      throw new FabricException(missing);
    }
    try (Workspace workspace = Workspace.create();
        Network network = fabric.build(scenario)) {
      Middle.start(network, command, workspace, scenario);
      Path functions =
          Files.writeString(
              workspace.folder().resolve("functions.sh"), functions(network, workspace));
      out.println(scenario);
      network.describe().forEach(line -> out.println("  " + line));
      out.println(
          """
          You are in the middle. These run a command on a host:
            server sallyport serve --echo
            client sallyport connect 'Id(...)' --message hello
            client bash
          (sallyport is given the options for this network: $OPTIONS)""");
      out.flush();
      Map<String, String> environment = new HashMap<>(command.environment());
      environment.put("BASH_ENV", functions.toString());
      environment.put("OPTIONS", String.join(" ", Middle.options(network)));
      environment.put("BOOTSTRAP", String.join(" ", Middle.bootstrap(network)));
      environment.put("TERM", System.getenv().getOrDefault("TERM", "dumb"));
      List<String> bash = List.of("bash", "--rcfile", functions.toString());
      return network
          .start(network.command(Place.MIDDLE, bash, environment).inheritIO())
          .exit()
          .join();
    }
  }

  private String functions(Network network, Workspace workspace) throws IOException {
    StringBuilder text = new StringBuilder("PS1='lab \\w \\$ '\n");
    text.append("sallyport() { ")
        .append(quoted(command.words()))
        .append(
            " \"$@\" $(case $1 in serve|connect|nat) echo $OPTIONS;; lookup) echo $BOOTSTRAP;; esac); }\n");
    text.append("export -f sallyport\n");
    for (Place place : List.of(Place.CLIENT, Place.SERVER)) {
      String user =
          workspace.home(place.word()).entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(" "));
      text.append(
          "%s() { ip netns exec %s env %s bash -c '\"$@\"' bash \"$@\"; }\n"
              .formatted(place.word(), network.name(place), user));
    }
    return text.toString();
  }

  private static String quoted(List<String> words) {
    return words.stream()
        .map(word -> "'" + word.replace("'", "'\\''") + "'")
        .collect(Collectors.joining(" "));
  }
}
