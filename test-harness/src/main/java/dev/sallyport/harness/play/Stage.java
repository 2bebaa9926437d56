package dev.sallyport.harness.play;

import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network with everything that a session needs to take place in it. */
record Stage(Network network, AppCommand command, Workspace workspace, Scenario scenario) {

  /** Starts {@code serve}, as this user. */
  AppProcess serve(Map<String, String> user, String log) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("serve", "--echo", "--json"));
    arguments.addAll(Middle.options(network));
    scenario
        .server()
        .forwardedPort()
        .ifPresent(
            port -> {
              String outside = network.publicAddress(Place.SERVER).getHostAddress() + ":" + port;
              arguments.addAll(List.of("--port", "" + port, "--advertise", outside));
            });
    return start(Place.SERVER, arguments, user, log);
  }

  /** Starts {@code connect}, as a new user. */
  AppProcess connect(String id, String message, String name) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("connect", id, "--json"));
    arguments.addAll(List.of("--message", message));
    arguments.addAll(Middle.options(network));
    return start(Place.CLIENT, arguments, workspace.home(name), name);
  }

  /** Starts {@code id}, which says under which id {@code serve} of the same user will be found. */
  AppProcess id(Map<String, String> user, String log) throws IOException {
    return start(Place.SERVER, List.of("id"), user, log);
  }

  private AppProcess start(
      Place place, List<String> arguments, Map<String, String> user, String log)
      throws IOException {
    return AppProcess.start(network, place, command, arguments, user, workspace.log(log));
  }
}
