package dev.sallyport.app.cli;

import dev.sallyport.app.callreport.CallPage;
import dev.sallyport.app.callreport.CallTrace;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call in words, for its page. */
final class CallReport {
  private CallReport() {}

  static CallPage page(ServiceId id, CallTrace trace, CallOutcome outcome, Instant now) {
    Problem problem =
        outcome instanceof CallOutcome.Failed(Failure failure)
            ? FailureWords.problem(failure, now)
            : null;
    return new CallPage(
        "A call to " + id,
        outcome instanceof CallOutcome.Linked,
        verdict(trace, problem),
        problem == null ? List.of() : problem.advice(),
        facts(trace, outcome, now),
        rungs(trace, outcome),
        trace.ladder(),
        "Written by " + Version.line() + ". It names addresses of both sides: mind who gets it.");
  }

  private static String verdict(CallTrace trace, @Nullable Problem problem) {
    Progress.Connected connected = trace.connected();
    if (connected != null) {
      return "Connected, %s, to %s after %s."
          .formatted(
              connected.rung().word(), connected.remote(), Words.seconds(connected.elapsed()));
    }
    return problem == null
        ? "Given up before it was decided."
        : "Not connected: " + problem.sentence() + ".";
  }

  private static List<CallPage.Fact> facts(CallTrace trace, CallOutcome outcome, Instant now) {
    List<CallPage.Fact> facts = new ArrayList<>();
    facts.add(new CallPage.Fact("called", Words.utc(now.minus(trace.took()))));
    facts.add(new CallPage.Fact("took", Words.seconds(trace.took())));
    Progress.Network network = trace.network();
    facts.add(
        new CallPage.Fact(
            "this side",
            network == null
                ? "not known"
                : side(network.local(), network.external(), network.profile())));
    Progress.Found found = trace.found();
    facts.add(
        new CallPage.Fact(
            "the service's side",
            found == null
                ? "not found"
                : side(
                    endpoints(found, CandidateKind.HOST),
                    endpoints(found, CandidateKind.REFLEXIVE),
                    service(trace, outcome))));
    Tactic tactic = tactic(trace, outcome);
    if (tactic != null) {
      facts.add(
          new CallPage.Fact(
              "strategy",
              tactic.kind() == Tactic.Kind.OPEN
                  ? "both sides dial each other's known ports at the same moment"
                  : TacticWords.begins(tactic, Role.CALLER)));
    }
    if (trace.dropped() > 0) {
      facts.add(
          new CallPage.Fact(
              "left out", Words.count(trace.dropped(), "socket") + " in the middle of the call"));
    }
    return facts;
  }

  private static String side(List<Endpoint> local, List<Endpoint> external, NatProfile profile) {
    return "inside "
        + (local.isEmpty() ? "not known" : Words.endpoints(local))
        + "; outside "
        + (external.isEmpty() ? "not known" : Words.endpoints(external))
        + "; "
        + (external.isEmpty()
            ? "whether there is a NAT is not known"
            : NatWords.of(local, external, profile));
  }

  private static List<Endpoint> endpoints(Progress.Found found, CandidateKind kind) {
    return found.candidates().stream()
        .filter(candidate -> candidate.kind() == kind)
        .map(Candidate::endpoint)
        .toList();
  }

  private static NatProfile service(CallTrace trace, CallOutcome outcome) {
    Progress.Climbed climbed = trace.climbed();
    if (climbed != null) {
      return climbed.service();
    }
    return outcome instanceof CallOutcome.Failed(Failure failure)
        ? failure.service()
        : NatProfile.unknown();
  }

  private static @Nullable Tactic tactic(CallTrace trace, CallOutcome outcome) {
    Progress.Climbed climbed = trace.climbed();
    if (climbed != null) {
      return climbed.tactic();
    }
    return outcome instanceof CallOutcome.Failed(Failure failure) && failure.lastSeen() != null
        ? failure.tactic()
        : null;
  }

  private static List<CallPage.Rung> rungs(CallTrace trace, CallOutcome outcome) {
    Progress.Climbed climbed = trace.climbed();
    Progress.Connected connected = trace.connected();
    List<RungReport> reports =
        climbed != null
            ? climbed.rungs()
            : outcome instanceof CallOutcome.Failed(Failure failure) ? failure.rungs() : List.of();
    return reports.stream()
        .map(report -> row(report, connected == null ? null : connected.rung()))
        .toList();
  }

  private static CallPage.Rung row(RungReport report, @Nullable Rung winner) {
    boolean tried = report.attempts() > 0;
    String endings = RungWords.endings(report);
    String outcome =
        report.rung() == winner
            ? "connected" + (endings.isEmpty() ? "" : "; before that " + endings)
            : tried ? (endings.isEmpty() ? "under way until the end" : endings) : "not begun";
    return new CallPage.Rung(
        report.rung().word(),
        RungWords.where(report),
        String.valueOf(report.attempts()),
        tried ? Words.seconds(report.first()) : "–",
        tried ? Words.seconds(report.last()) : "–",
        outcome);
  }
}
