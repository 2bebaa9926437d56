package dev.sallyport.app.cli;

import dev.sallyport.app.Sallyport;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@code sallyport lookup}. */
final class LookupCommand implements Command {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "lookup";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Shows what the service with this id has registered: where it can be reached, since when,",
        "and until when the record is good. Does not call it.");
  }

  @Override
  public String argument() {
    return "ID";
  }

  @Override
  public List<Flag> flags() {
    return List.of(Flag.TIMEOUT, Flag.BOOTSTRAP, Flag.RENDEZVOUS, Flag.JSON);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport lookup 'Id(0123456789abcdef0123456789abcdef01234567)'",
        "sallyport lookup 0123456789abcdef0123456789abcdef01234567 --bootstrap 192.0.2.1:6881");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(
        ExitCode.OK,
        ExitCode.USAGE,
        ExitCode.RENDEZVOUS_UNREACHABLE,
        ExitCode.NOT_FOUND,
        ExitCode.LOCAL_PROBLEM,
        ExitCode.INTERRUPTED);
  }

  @Override
  public ExitCode run(Invocation run) throws ProblemException, InterruptedException {
    ServiceId id = Arguments.id(run.typed().argument());
    String time = run.typed().text(Flag.TIMEOUT);
    Duration timeout = time == null ? DEFAULT_TIMEOUT : Arguments.timeout(time);
    NetworkOptions network = run.typed().network(run.folders(), false);
    try (Sallyport sallyport = Networks.open(network)) {
      run.reporter().tell(new Event.Starting(network.rendezvous(), network.bootstrap()));
      RecordLookup lookup = new RecordLookup(sallyport.ports(), id);
      run.interrupts().onInterrupt(lookup::cancel);
      ServiceRecord record = lookup.newest(timeout, run.reporter()::progress);
      if (record == null) {
        return ExitCode.INTERRUPTED;
      }
      show(run, id, record);
      return ExitCode.OK;
    }
  }

  private static void show(Invocation run, ServiceId id, ServiceRecord record) {
    Console console = run.console();
    if (run.asJson()) {
      console.result(
          run.json()
              .event("found")
              .put("id", id.toString())
              .put("name", record.name().value())
              .put("key", record.identityKey().toString())
              .put("issuedAt", record.issuedAt().toString())
              .put("expires", record.expires().toString())
              .putAll("candidates", record.candidates().stream().map(JsonEvents::json).toList())
              .toString());
      return;
    }
    Instant now = Instant.now();
    console.result("service      " + id + ", named \"" + record.name() + "\"");
    console.result("identity     " + record.identityKey());
    console.result(
        "registered   " + Words.utc(record.issuedAt()) + ", " + Words.ago(record.issuedAt(), now));
    console.result("good until   " + Words.utc(record.expires()));
    String label = "reachable at ";
    for (Candidate candidate : record.candidates()) {
      console.result(label + candidate.endpoint() + "   (" + kind(candidate) + ")");
      label = " ".repeat(label.length());
    }
    if (record.candidates().isEmpty()) {
      console.result(label + "no address is known");
    }
  }

  private static String kind(Candidate candidate) {
    return switch (candidate.kind()) {
      case HOST -> "its own address";
      case REFLEXIVE -> "as seen from outside its router";
      case ADVERTISED -> "advertised by its user";
    };
  }
}
