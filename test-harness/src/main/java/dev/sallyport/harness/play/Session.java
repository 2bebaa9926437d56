package dev.sallyport.harness.play;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.packet.SynLog;
import dev.sallyport.harness.scenario.StartOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One service, and the calls it gets. For one thread. */
final class Session implements AutoCloseable {
  private static final Duration REGISTRATION = Duration.ofMinutes(1);
  private static final Duration LOOKING_AROUND = Duration.ofSeconds(10);
  private static final Duration CALL = Duration.ofMinutes(2);
  private static final Pattern ID = Pattern.compile("Id\\([0-9a-f]{40}\\)");

  private final Stage stage;
  private final String name;
  private final Map<String, String> user;
  private String id = "";
  private String trouble = "";
  private @Nullable AppProcess service;

  private Session(Stage stage, String name) throws IOException {
    this.stage = stage;
    this.name = name;
    this.user = stage.workspace().home(name);
  }

  /**
   * Opens a session. If the service is to start first, it is registered then, or has failed to be.
   */
  static Session open(Stage stage, String name) throws IOException, InterruptedException {
    Session session = new Session(stage, name);
    if (stage.scenario().order() == StartOrder.SERVE_FIRST) {
      session.serve();
      session.awaitRegistration();
      session.grow(stage.scenario().recordAge());
    } else {
      session.askForId();
    }
    return session;
  }

  /** Lets all callers of the scenario call at the same time, and waits for their ends. */
  List<CallResult> call(int run) throws IOException, InterruptedException {
    if (!trouble.isEmpty()) {
      return List.of(noService(run));
    }
    stage.network().syns().clear();
    StartOrder order = stage.scenario().order();
    if (order == StartOrder.BOTH) {
      serve();
    }
    List<AppProcess> callers = new ArrayList<>();
    for (int caller = 1; caller <= stage.scenario().callers(); caller++) {
      String log = "run-%02d-caller-%02d".formatted(run, caller);
      callers.add(stage.connect(id, message(run, caller), log));
    }
    if (order == StartOrder.CONNECT_FIRST) {
      await(callers.get(0).first(e -> e.kind().equals(Event.NETWORK)), LOOKING_AROUND);
      serve();
    }
    List<CallResult> results = new ArrayList<>();
    for (int i = 0; i < callers.size(); i++) {
      results.add(result(run, i + 1, callers.get(i)));
    }
    Files.write(
        stage.workspace().log("run-%02d-syns".formatted(run)), stage.network().syns().lines());
    return results;
  }

  @Override
  public void close() {
    if (service != null) {
      service.close();
    }
  }

  private void serve() throws IOException {
    service = stage.serve(user, name);
  }

  private void awaitRegistration() throws InterruptedException {
    AppProcess running = service;
    if (running == null) {
      return;
    }
    Event registered = await(running.first(e -> e.kind().equals(Event.REGISTERED)), REGISTRATION);
    if (registered != null) {
      id = registered.text("id");
    } else {
      trouble = running.isAlive() ? "the service does not register" : running.complaint();
    }
  }

  /** Lets the service wait so long for its first caller; less only if it ends. */
  private void grow(Duration age) throws InterruptedException {
    AppProcess running = service;
    if (running != null && trouble.isEmpty() && !age.isZero() && running.hasEndedWithin(age)) {
      trouble = "the service ended while it waited for a caller: " + running.complaint();
    }
  }

  private void askForId() throws IOException, InterruptedException {
    AppProcess asked = stage.id(user, name + "-id");
    int code = asked.awaitEnd(REGISTRATION);
    Matcher matcher = ID.matcher(Files.readString(asked.log()));
    if (matcher.find()) {
      id = matcher.group();
    } else {
      trouble = "no id is shown, exit code " + code + ": " + asked.complaint();
    }
  }

  private static String message(int run, int caller) {
    return "echo " + run + "/" + caller;
  }

  private CallResult result(int run, int caller, AppProcess process) throws InterruptedException {
    int exitCode = process.awaitEnd(CALL);
    List<Event> events = process.events();
    String sent = message(run, caller);
    Event connected = first(events, Event.CONNECTED);
    Event echo =
        events.stream()
            .filter(e -> e.kind().equals(Event.MESSAGE) && e.text("text").equals(sent))
            .findFirst()
            .orElse(null);
    boolean echoed = echo != null;
    SynLog syns = stage.network().syns();
    return new CallResult(
        run,
        caller,
        echoed,
        exitCode,
        connected == null ? "" : connected.text("rung"),
        connected == null ? "" : connected.text("remote"),
        connected == null ? -1 : connected.number("attempts"),
        connected == null ? -1 : connected.number("elapsedMs"),
        echo == null ? -1 : echo.millis(),
        CallResult.timeline(events),
        stage.scenario().layout().meetsInTheMiddle() ? syns.crossed(remote(connected)) : null,
        syns.delivered(Network.CLIENT_SITE),
        syns.delivered(Network.SERVER_SITE),
        echoed && exitCode == 0 ? "" : reason(exitCode, echoed, process));
  }

  private static String reason(int exitCode, boolean echoed, AppProcess process) {
    String what = echoed ? "echo, but exit code " : "no echo, exit code ";
    return what + exitCode + ": " + process.complaint();
  }

  private CallResult noService(int run) throws InterruptedException {
    int code = service == null || service.isAlive() ? -1 : service.awaitEnd(CALL);
    return new CallResult(
        run, 1, false, code, "", "", -1, -1, -1, Map.of(), null, 0, 0, "service: " + trouble);
  }

  private static @Nullable Event first(List<Event> events, String kind) {
    return events.stream().filter(e -> e.kind().equals(kind)).findFirst().orElse(null);
  }

  /** Where a call got through to; null if that is not said. */
  private static @Nullable Endpoint remote(@Nullable Event connected) {
    try {
      return connected == null ? null : Endpoint.parse(connected.text("remote"));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The answer, or null if there is none in time or ever. */
  private static <T> @Nullable T await(Future<T> answer, Duration limit)
      throws InterruptedException {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return null;
    }
  }
}
