package dev.sallyport.app.cli;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.session.Progress;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells people what happens, in order: a word for what it is about, and a short sentence. Messages
 * and the line to paste go to standard output, all else to standard error.
 */
final class Story implements Reporter {
  private static final int LABEL_WIDTH = 12;
  private static final int SHOWN_CANDIDATES = 3;

  private final Console console;
  private final Supplier<Instant> clock;
  private String rendezvous = "rendezvous";
  private String member = "peer";
  private List<Endpoint> own = List.of();
  private List<String> toldAddresses = List.of();
  private String toldNat = "";

  /** The rungs on which somebody has answered since the last trouble. */
  private final Set<Rung> answering = EnumSet.noneOf(Rung.class);

  Story(Console console, Supplier<Instant> clock) {
    this.console = console;
    this.clock = clock;
  }

  @Override
  public synchronized void tell(Event event) {
    switch (event) {
      case Event.Happened(Progress progress) -> tell(progress);
      case Event.Starting starting -> tell(starting);
      case Event.Registered registered -> tell(registered);
      case Event.ChatOpened chat ->
          more("type a line and press Enter to send it; Ctrl+D ends the conversation");
      case Event.Message(PublicKey32 caller, String text) -> message(caller, text);
      case Event.Binary(PublicKey32 caller, byte[] bytes) ->
          say(
              "message",
              from(caller) + Words.count(bytes.length, "byte") + " that are not text, not shown");
      case Event.LinkClosed(PublicKey32 caller, boolean clean, String why) ->
          say(
              clean ? Ink.DIM : Ink.YELLOW,
              "closed",
              from(caller) + "the conversation has ended, " + why);
      case Event.Remark(String sentence) -> say("note", sentence);
      case Event.ReportWritten(String file) -> say("report", "how it went: " + file);
      case Event.Stopped(String what) -> say(Ink.DIM, "closed", what);
      case Event.Failed(Problem problem) -> tell(problem);
    }
  }

  private void tell(Progress progress) {
    Instant now = clock.get();
    switch (progress) {
      case Progress.Joined(int peers, var took) ->
          say(
              rendezvous,
              "joined: " + Words.count(peers, member) + " after " + Words.seconds(took));
      case Progress.Network network -> tell(network);
      case Progress.Registered registered -> {
        // Told as an event of its own, with the line to paste.
      }
      case Progress.Found found -> tell(found, now);
      case Progress.Knocked(int accepted, int asked) ->
          say(
              "knock",
              "left with "
                  + accepted
                  + " of "
                  + Words.count(asked, member)
                  + "; the service should open its side now");
      case Progress.KnockRefused(PublicKey32 caller) ->
          say("knock", "caller " + caller + " is not on the allow list and was told so");
      case Progress.KnockReceived(PublicKey32 caller, var candidates) ->
          say(
              "knock",
              "caller "
                  + Words.tag(caller)
                  + " knocks"
                  + (candidates.isEmpty()
                      ? ""
                      : ", from "
                          + Words.join(
                              candidates.stream()
                                  .limit(SHOWN_CANDIDATES)
                                  .map(c -> c.endpoint())
                                  .toList())));
      case Progress.Tried(var tactic, PublicKey32 caller) ->
          say(
              Ink.CYAN,
              "strategy",
              from(caller)
                  + TacticWords.begins(tactic, caller == null ? Role.CALLER : Role.SERVICE));
      case Progress.Waiting waiting -> say(Ink.DIM, "waiting", waitingFor(waiting));
      case Progress.RungStarted(var rung, var remotes) ->
          say(Ink.CYAN, rung.word(), "trying " + Words.endpoints(remotes));
      case Progress.Reached reached -> tell(reached);
      case Progress.Connected connected -> tell(connected);
      case Progress.Climbed climbed -> tell(climbed);
      case Progress.Trouble(String sentence) -> {
        answering.clear();
        say(Ink.YELLOW, "trouble", sentence);
      }
    }
  }

  /** Where many ports are dialled many may answer: one says it all, until there is trouble. */
  private void tell(Progress.Reached reached) {
    if (answering.add(reached.rung())) {
      say(
          Ink.CYAN,
          reached.rung().word(),
          "something answers at "
              + reached.remote()
              + " after "
              + Words.count(reached.attempts(), "attempt")
              + "; checking who it is");
    }
  }

  private void tell(Event.Starting starting) {
    if (starting.rendezvous().equals(List.of("dht:"))) {
      rendezvous = "dht";
      member = "node";
    }
    for (String uri : starting.rendezvous()) {
      if (uri.equals("dht:")) {
        List<HostPort> from = starting.bootstrap();
        say("dht", "joining " + (from.isEmpty() ? "the public DHT" : "from " + Words.join(from)));
      } else {
        say(rendezvous, "turning to " + uri);
      }
    }
  }

  private void tell(Progress.Network network) {
    String nat = NatWords.of(network.local(), network.external(), network.profile());
    List<String> addresses =
        List.of(
            "local     "
                + (network.local().isEmpty()
                    ? "no address that others could reach"
                    : Words.join(
                        network.local().stream().map(e -> IpLiteral.format(e.address())).toList())),
            "external  "
                + (network.external().isEmpty() ? "unknown" : Words.endpoints(network.external())));
    own = network.local();
    if (!addresses.equals(toldAddresses)) {
      say(
          "network",
          toldAddresses.isEmpty() ? "this computer and how others see it" : "it has changed");
      addresses.forEach(this::more);
      more(nat);
    } else if (!nat.equals(toldNat)) {
      say("network", nat); // more observers have answered by now
    }
    toldAddresses = addresses;
    toldNat = nat;
  }

  private void tell(Event.Registered registered) {
    say(
        Ink.GREEN,
        "registered",
        registered.id()
            + " with "
            + registered.accepted()
            + " of "
            + Words.count(registered.asked(), member)
            + "; listening on port "
            + registered.port());
    console.narrate("");
    console.narrate("Paste this on the other computer:");
    console.narrate("");
    console.result(console.inkOut(Ink.BOLD, registered.paste()));
    console.narrate("");
    say(Ink.DIM, "waiting", "for callers; Ctrl+C ends the service");
  }

  private void tell(Progress.Found found, Instant now) {
    say(
        "found",
        "the service left its record "
            + Words.ago(found.issuedAt(), now)
            + ", with "
            + Words.count(found.candidates().size(), "place")
            + " to try; it is "
            + where(found));
  }

  private String where(Progress.Found found) {
    boolean here =
        found.candidates().stream()
            .map(Candidate::endpoint)
            .anyMatch(e -> isOurs(e, found.sameNetwork()));
    if (here) {
      return "on this very computer";
    }
    return found.sameNetwork()
        ? "on the same network, behind the same public address"
        : "on a different network";
  }

  /** The same private address may well be another computer's, in another network. */
  private boolean isOurs(Endpoint endpoint, boolean sameNetwork) {
    return endpoint.scope() == AddressScope.LOOPBACK
        || ((endpoint.scope().isGlobal() || sameNetwork)
            && own.stream().anyMatch(endpoint::sameAddress));
  }

  private void tell(Progress.Connected connected) {
    PublicKey32 caller = connected.callerKey();
    say(
        Ink.GREEN,
        "connected",
        from(caller)
            + connected.rung().word()
            + " to "
            + connected.remote()
            + ", "
            // A side that only accepted has not tried anything.
            + (connected.attempts() == 0
                ? "dialled by them"
                : Words.count(connected.attempts(), "attempt"))
            + ", after "
            + Words.seconds(connected.elapsed()));
  }

  /** A way without detours is told well enough by where it led. */
  private void tell(Progress.Climbed climbed) {
    if (climbed.rungs().stream().filter(rung -> rung.attempts() > 0).count() > 1) {
      tell(climbed.rungs());
    }
  }

  private void tell(List<RungReport> rungs) {
    for (RungReport rung : rungs) {
      more(pad(rung.rung().word(), 10) + RungWords.of(rung));
    }
  }

  private void tell(Problem problem) {
    say(Ink.RED, "failed", problem.sentence());
    if (problem.failure() != null) {
      tell(problem.failure().rungs());
    }
    problem.advice().forEach(line -> more("- " + line));
  }

  private void message(@Nullable PublicKey32 caller, String text) {
    if (caller == null && !console.outMayBeTerminal()) {
      console.result(text);
      return;
    }
    String from = caller == null ? "<" : Words.tag(caller) + ":";
    // A tag on each line: a message must not look like another caller's.
    text.lines()
        .forEach(
            line -> console.result(console.inkOut(Ink.CYAN, from) + " " + Words.printable(line)));
    if (text.isEmpty()) {
      console.result(console.inkOut(Ink.CYAN, from));
    }
  }

  private String waitingFor(Progress.Waiting waiting) {
    String what =
        switch (waiting.what()) {
          case RENDEZVOUS -> "for the " + member + "s of the rendezvous to answer";
          case RECORD -> "nobody has registered this id yet; looking again";
          case PEER -> "for the service to open its side";
          case TURN -> "the service is busy; it will be our turn";
        };
    String left =
        waiting.remaining() == null ? "" : ", giving up in " + Words.roughly(waiting.remaining());
    return what + " (" + Words.roughly(waiting.elapsed()) + left + ")";
  }

  private static String from(@Nullable PublicKey32 caller) {
    return caller == null ? "" : "caller " + Words.tag(caller) + ": ";
  }

  private void say(String label, String text) {
    say(Ink.BOLD, label, text);
  }

  private void say(Ink ink, String label, String text) {
    // Padded before it is coloured: a terminal does not count what it does not show.
    console.narrate(console.inkErr(ink, pad(label, LABEL_WIDTH)) + Words.printable(text));
  }

  private void more(String text) {
    console.narrate(" ".repeat(LABEL_WIDTH) + Words.printable(text));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(1, width - text.length()));
  }
}
