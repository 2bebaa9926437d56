package dev.sallyport.app.cli;

import dev.sallyport.app.Sallyport;
import dev.sallyport.app.natreport.LifetimeLines;
import dev.sallyport.app.natreport.NatReport;
import dev.sallyport.app.natreport.PeerNat;
import dev.sallyport.app.natreport.Rates;
import dev.sallyport.app.runner.LifetimeRunner;
import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.identity.ServiceId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sallyport nat}. */
final class NatCommand implements Command {
  private static final Duration LOOKUP_TIMEOUT = Duration.ofSeconds(15);

  @Override
  public String name() {
    return "nat";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Finds out what NAT or firewall is in front of this computer: its type, what it means, how it",
        "was found, what works with whom, and what you could do. Takes up to 5 seconds. Asks STUN",
        "servers and DHT nodes, and `sallyport observe` if you know one: it tells more than others.");
  }

  @Override
  public @Nullable String argument() {
    return null;
  }

  @Override
  public List<Flag> flags() {
    return List.of(
        Flag.WITH,
        Flag.THOROUGH,
        Flag.STUN,
        Flag.NO_STUN,
        Flag.BOOTSTRAP,
        Flag.RENDEZVOUS,
        Flag.JSON);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport nat",
        "sallyport nat --with symmetric",
        "sallyport nat --with 'Id(0123456789abcdef0123456789abcdef01234567)'",
        "sallyport nat --stun 192.0.2.1:3478 --stun 198.51.100.1:3478 --thorough");
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
    Typed typed = run.typed();
    String with = typed.text(Flag.WITH);
    ServiceId id = with != null && isId(with) ? Arguments.id(with) : null;
    PeerNat named = with == null || id != null ? null : Arguments.peerNat(with);
    NetworkOptions network = typed.network(run.folders(), false);
    NatRunner.Settings settings =
        typed.has(Flag.THOROUGH) ? NatRunner.Settings.thorough() : NatRunner.Settings.full();
    NatTale tale = new NatTale(run.console());
    if (!run.asJson()) {
      tale.asking(network.stun(), network.rendezvous().contains("dht:"), settings.deadline());
    }
    try (Sallyport sallyport = Networks.open(network);
        NatRunner runner =
            new NatRunner(sallyport.ports(), settings, run.asJson() ? news -> {} : tale::tell)) {
      PeerLookup lookup =
          id == null ? null : PeerLookup.start(sallyport.ports(), id, LOOKUP_TIMEOUT);
      run.interrupts()
          .onInterrupt(
              () -> {
                runner.cancel();
                if (lookup != null) {
                  lookup.cancel();
                }
              });
      NatRunner.Result result = runner.run();
      if (run.interrupts().interrupted()) {
        return ExitCode.INTERRUPTED;
      }
      if (result.isOffline()) {
        throw ProblemException.local("this computer has no network");
      }
      NatReport report = new NatReport(result, Rates.shipped());
      LifetimeRunner lifetimes =
          typed.has(Flag.THOROUGH)
              ? new LifetimeRunner(sallyport.ports(), result, LifetimeRunner.SILENCES)
              : null;
      if (run.asJson()) {
        return json(run, result, report, lookup, named, lifetimes);
      }
      tale.tell(report.lines());
      PeerNat peer = lookup == null ? named : lookup.peer();
      if (lookup != null && peer == null) {
        return ExitCode.INTERRUPTED;
      }
      if (peer != null) {
        run.console().result("");
        tale.tell(report.lines(peer));
      }
      if (lifetimes != null && !result.isUnanswered()) {
        run.console().result("");
        tale.lyingQuiet(LifetimeRunner.SILENCES);
        LifetimeRunner.Result lifetime = lifetime(run, lifetimes);
        if (lifetime == null) {
          return ExitCode.INTERRUPTED;
        }
        tale.tell(LifetimeLines.of(lifetime));
      }
      return exit(result);
    }
  }

  /** Null if it was interrupted. */
  private static LifetimeRunner.@Nullable Result lifetime(Invocation run, LifetimeRunner lifetimes)
      throws InterruptedException {
    run.interrupts().onInterrupt(lifetimes::cancel);
    LifetimeRunner.Result found = lifetimes.run();
    return run.interrupts().interrupted() ? null : found;
  }

  private static ExitCode json(
      Invocation run,
      NatRunner.Result result,
      NatReport report,
      @Nullable PeerLookup lookup,
      @Nullable PeerNat named,
      @Nullable LifetimeRunner lifetimes)
      throws ProblemException, InterruptedException {
    PeerNat peer = named;
    ProblemException problem = null;
    if (lookup != null) {
      try {
        peer = lookup.peer();
      } catch (ProblemException e) {
        problem = e; // what was found out is worth telling all the same
      }
      if (peer == null && problem == null) {
        return ExitCode.INTERRUPTED;
      }
    }
    LifetimeRunner.Result lifetime = null;
    if (lifetimes != null) {
      lifetime = lifetime(run, lifetimes);
      if (lifetime == null) {
        return ExitCode.INTERRUPTED;
      }
    }
    Json event = NatJson.of(run.json().event("nat"), result, report, peer, lifetime);
    run.console().result(event.toString());
    if (problem != null) {
      throw problem;
    }
    return exit(result);
  }

  private static ExitCode exit(NatRunner.Result result) {
    return result.isUnanswered() ? ExitCode.RENDEZVOUS_UNREACHABLE : ExitCode.OK;
  }

  /** An id is 40 hex digits, with or without its wrapper; no type of NAT looks like that. */
  private static boolean isId(String text) {
    return text.strip().matches("(?i)id\\(.*|[0-9a-f\\s]{20,}");
  }
}
