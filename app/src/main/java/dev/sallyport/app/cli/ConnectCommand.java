package dev.sallyport.app.cli;

import dev.sallyport.app.ConnectOptions;
import dev.sallyport.app.Sallyport;
import dev.sallyport.app.callreport.CallPage;
import dev.sallyport.app.callreport.CallTrace;
import dev.sallyport.app.runner.CallRunner;
import dev.sallyport.app.storage.ReportFile;
import dev.sallyport.app.storage.StorageException;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Link;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code sallyport connect}. */
final class ConnectCommand implements Command {
  /** Three of them are what a service dials for. */
  private static final Duration LONGEST_TURN = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "connect";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Calls the service with this id. What you type goes over, what comes back is printed;",
        "Ctrl+D (the end of the input) closes. With --message it is one text instead, and, if the",
        "service echoes, the wait for its echo. The id may be given as 40 hex digits or as Id(...),",
        "which a shell wants in quotes.");
  }

  @Override
  public String argument() {
    return "ID";
  }

  @Override
  public List<Flag> flags() {
    return List.of(
        Flag.MESSAGE,
        Flag.TIMEOUT,
        Flag.LADDER,
        Flag.SEQUENTIAL,
        Flag.REPORT,
        Flag.BOOTSTRAP,
        Flag.STUN,
        Flag.NO_STUN,
        Flag.RENDEZVOUS,
        Flag.IDENTITY,
        Flag.JSON);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport connect 'Id(0123456789abcdef0123456789abcdef01234567)'",
        "sallyport connect 0123456789abcdef0123456789abcdef01234567 --message hello",
        "sallyport connect 0123456789abcdef0123456789abcdef01234567 --ladder direct --timeout 5s",
        "sallyport connect 0123456789abcdef0123456789abcdef01234567 --sequential --report call.html",
        "sallyport connect 0123456789abcdef0123456789abcdef01234567 <orders.txt >answers.txt");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(
        ExitCode.OK,
        ExitCode.USAGE,
        ExitCode.RENDEZVOUS_UNREACHABLE,
        ExitCode.NOT_FOUND,
        ExitCode.NO_RUNG,
        ExitCode.WRONG_PEER,
        ExitCode.LOCAL_PROBLEM,
        ExitCode.INTERRUPTED);
  }

  @Override
  public ExitCode run(Invocation run) throws ProblemException, InterruptedException {
    Typed typed = run.typed();
    ServiceId id = Arguments.id(typed.argument());
    String time = typed.text(Flag.TIMEOUT);
    Duration timeout = time == null ? ConnectOptions.DEFAULT_TIMEOUT : Arguments.timeout(time);
    LadderPolicy policy = ladder(typed, timeout);
    String message = message(typed);
    String file = typed.text(Flag.REPORT);
    ReportFile report = file == null ? null : reportFile(file);
    CallTrace trace = report == null ? null : new CallTrace();
    NetworkOptions network = typed.network(run.folders(), false);
    ConnectOptions options = new ConnectOptions(id, run.identity().identity(), policy, timeout);
    Conversation conversation = new Conversation(run.reporter(), run.console(), run.interrupts());
    try (Sallyport sallyport = Networks.open(network);
        CallRunner call = sallyport.call(options, run.reporter()::progress, conversation, trace)) {
      run.interrupts().onInterrupt(call::cancel);
      run.reporter().tell(new Event.Starting(network.rendezvous(), network.bootstrap()));
      CallRunner.Result result = call.run();
      if (report != null && trace != null) {
        write(report, CallReport.page(id, trace, result.outcome(), Instant.now()), run.reporter());
      }
      CallRunner.Call made = result.call();
      if (made == null) {
        return notMade(result.outcome());
      }
      return message == null
          ? conversation.chat(made.link(), made.serviceEchoes())
          : conversation.message(made.link(), message, made.serviceEchoes());
    }
  }

  private static LadderPolicy ladder(Typed typed, Duration timeout) throws ProblemException {
    String typedLadder = typed.text(Flag.LADDER);
    LadderPolicy policy =
        typedLadder == null
            ? LadderPolicy.DEFAULT
            : LadderPolicy.DEFAULT.withOrder(Arguments.ladder(typedLadder));
    if (!typed.has(Flag.SEQUENTIAL)) {
      return policy;
    }
    Duration share = timeout.dividedBy(policy.order().size());
    return policy.withTurns(share.compareTo(LONGEST_TURN) < 0 ? share : LONGEST_TURN);
  }

  /** A call that is made is worth more than its report. */
  private static void write(ReportFile file, CallPage page, Reporter reporter) {
    try {
      file.write(page.html());
      reporter.tell(new Event.ReportWritten(file.path().toString()));
    } catch (StorageException e) {
      reporter.tell(new Event.Remark("there is no report: " + e.getMessage()));
    }
  }

  private static ReportFile reportFile(String typed) throws ProblemException {
    try {
      return ReportFile.at(Arguments.file(Flag.REPORT.option(), "call.html", typed));
    } catch (StorageException e) {
      throw ProblemException.local(e.getMessage());
    }
  }

  private static ExitCode notMade(CallOutcome outcome) throws ProblemException {
    if (outcome instanceof CallOutcome.Failed(Failure failure)) {
      throw new ProblemException(FailureWords.problem(failure, Instant.now()));
    }
    return ExitCode.INTERRUPTED;
  }

  private static @Nullable String message(Typed typed) throws ProblemException {
    String message = typed.text(Flag.MESSAGE);
    if (message == null) {
      return null;
    }
    int bytes = message.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Link.MAX_MESSAGE_BYTES) {
      throw ProblemException.usage(
          "--message: the text has "
              + bytes
              + " bytes, at most "
              + Link.MAX_MESSAGE_BYTES
              + " fit into one; expected for example --message hello");
    }
    return message;
  }
}
