package dev.sallyport.app.cli;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells programs what happens: one JSON object a line on standard output. Each has {@code event},
 * its kind, and {@code atMs}, milliseconds since the process started; the keys come in a fixed
 * order. More keys and kinds may come with later versions.
 */
final class JsonEvents implements Reporter {
  private final Console console;
  private final LongSupplier sinceStart;

  /**
   * @param sinceStart milliseconds since the process started
   */
  JsonEvents(Console console, LongSupplier sinceStart) {
    this.console = console;
    this.sinceStart = sinceStart;
  }

  @Override
  public void tell(Event event) {
    Json json = json(event);
    if (json != null) {
      console.result(json.toString());
    }
  }

  /** An object that begins like every event. */
  Json event(String kind) {
    return new Json().put("event", kind).put("atMs", sinceStart.getAsLong());
  }

  private @Nullable Json json(Event event) {
    return switch (event) {
      case Event.Happened(Progress progress) -> json(progress);
      case Event.Starting(List<String> uris, List<HostPort> bootstrap) ->
          event("starting").put("rendezvous", uris).put("bootstrap", bootstrap);
      case Event.Registered registered ->
          event("registered")
              .put("id", registered.id().toString())
              .put("port", registered.port())
              .put("accepted", registered.accepted())
              .put("asked", registered.asked())
              .put("paste", registered.paste());
      case Event.ChatOpened chat -> null;
      case Event.Message(PublicKey32 caller, String text) ->
          withCaller(event("message"), caller).put("text", text);
      case Event.Binary(PublicKey32 caller, byte[] bytes) ->
          withCaller(event("message"), caller)
              .put("base64", Base64.getEncoder().encodeToString(bytes));
      case Event.LinkClosed(PublicKey32 caller, boolean clean, String why) ->
          withCaller(event("closed"), caller).put("clean", clean).put("why", why);
      case Event.Remark(String sentence) -> event("trouble").put("message", sentence);
      case Event.ReportWritten(String file) -> event("report").put("file", file);
      case Event.Stopped(String what) -> event("stopped").put("why", what);
      case Event.Failed(Problem problem) -> json(problem);
    };
  }

  private @Nullable Json json(Progress progress) {
    return switch (progress) {
      case Progress.Joined(int peers, var took) ->
          event("joined").put("peers", peers).put("tookMs", took.toMillis());
      case Progress.Network(var local, var external, NatProfile profile) ->
          event("network")
              .put("local", local)
              .put("external", external)
              .put(
                  "mapping",
                  new Json()
                      .put("tcp", words(profile.tcpMapping()))
                      .put("udp", words(profile.udpMapping())))
              .put("allocation", words(profile.allocation().value()));
      // Told as an event of its own, with its port.
      case Progress.Registered registered -> null;
      case Progress.Found(var issuedAt, List<Candidate> candidates, boolean sameNetwork) ->
          event("found")
              .put("issuedAt", issuedAt.toString())
              .put("sameNetwork", sameNetwork)
              .putAll("candidates", candidates.stream().map(JsonEvents::json).toList());
      case Progress.Knocked(int accepted, int asked) ->
          event("knock").put("accepted", accepted).put("asked", asked);
      case Progress.KnockRefused(PublicKey32 caller) ->
          withCaller(event("refused"), caller).put("reason", "not on the allow list");
      case Progress.KnockReceived(PublicKey32 caller, List<Candidate> candidates) ->
          withCaller(event("knock"), caller)
              .putAll("candidates", candidates.stream().map(JsonEvents::json).toList());
      case Progress.Tried(Tactic tactic, PublicKey32 caller) ->
          withCaller(event("strategy"), caller)
              .put("tactic", TacticWords.word(tactic))
              .put("callerIsHard", tactic.callerIsHard())
              .put("serviceIsHard", tactic.serviceIsHard())
              .put("sure", tactic.sure());
      case Progress.Climbed(Tactic tactic, var service, List<RungReport> rungs) ->
          event("climbed")
              .put("tactic", TacticWords.word(tactic))
              .putAll("rungs", rungs.stream().map(JsonEvents::json).toList());
      case Progress.Waiting(var what, var elapsed, var remaining) -> {
        Json json =
            event("waiting")
                .put("for", what.name().toLowerCase(Locale.ROOT))
                .put("elapsedMs", elapsed.toMillis());
        yield remaining == null ? json : json.put("remainingMs", remaining.toMillis());
      }
      case Progress.RungStarted(var rung, var remotes) ->
          event("rung").put("rung", rung.word()).put("remotes", remotes);
      case Progress.Reached(var rung, var local, var remote, int attempts) ->
          event("attempt")
              .put("rung", rung.word())
              .put("local", local.toString())
              .put("remote", remote.toString())
              .put("attempts", attempts);
      case Progress.Connected connected ->
          withCaller(event("connected"), connected.callerKey())
              .put("rung", connected.rung().word())
              .put("local", connected.local().toString())
              .put("remote", connected.remote().toString())
              .put("attempts", connected.attempts())
              .put("elapsedMs", connected.elapsed().toMillis());
      case Progress.Trouble(String sentence) -> event("trouble").put("message", sentence);
    };
  }

  private Json json(Problem problem) {
    Json json =
        event("failed")
            .put("kind", problem.kind())
            .put("exit", problem.exit().code())
            .put("message", problem.sentence())
            .put("advice", problem.advice());
    Failure failure = problem.failure();
    if (failure != null && failure.lastSeen() != null) {
      json.put("lastSeen", failure.lastSeen().toString())
          .put("answered", failure.answered())
          .put("tactic", TacticWords.word(failure.tactic()))
          .putAll("rungs", failure.rungs().stream().map(JsonEvents::json).toList());
    }
    return json;
  }

  private static Json json(RungReport report) {
    Json failures = new Json();
    for (DialFailure failure : DialFailure.values()) {
      int count = report.failures().getOrDefault(failure, 0);
      if (count > 0) {
        failures.put(failure.name().toLowerCase(Locale.ROOT).replace('_', '-'), count);
      }
    }
    return new Json()
        .put("rung", report.rung().word())
        .put("remotes", report.remotes())
        .put("attempts", report.attempts())
        .put("firstMs", report.first().toMillis())
        .put("lastMs", report.last().toMillis())
        .put("failures", failures);
  }

  static Json json(Candidate candidate) {
    return new Json()
        .put("kind", candidate.kind().name().toLowerCase(Locale.ROOT))
        .put("endpoint", candidate.endpoint().toString());
  }

  private static Json withCaller(Json json, @Nullable PublicKey32 caller) {
    return caller == null ? json : json.put("caller", caller.toString());
  }

  /** By the words of RFC 4787; null if not known. */
  static @Nullable String words(Finding<Behavior> finding) {
    Behavior value = finding.value();
    return value == null ? null : value.words();
  }

  static @Nullable String words(@Nullable PortAllocation allocation) {
    return switch (allocation) {
      case null -> null;
      case PortAllocation.Preserving preserving -> "preserving";
      case PortAllocation.Sequential sequential -> "sequential";
      case PortAllocation.Block block -> "block";
      case PortAllocation.Random random -> "random";
    };
  }
}
