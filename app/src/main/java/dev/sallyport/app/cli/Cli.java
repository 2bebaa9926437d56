package dev.sallyport.app.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** From the command line to an exit code. Nothing thrown below gets past here. */
public final class Cli {
  private static final String SALLYPORT = "sallyport";

  private final Console console;
  private final Interrupts interrupts;
  private final LongSupplier sinceStart;

  Cli(Console console, Interrupts interrupts, LongSupplier sinceStart) {
    this.console = console;
    this.interrupts = interrupts;
    this.sinceStart = sinceStart;
  }

  /**
   * Runs the command of this process, on its standard streams, until it ends or is interrupted.
   *
   * @param sinceStart milliseconds since the process started
   * @return the code to exit with, at once
   */
  public static int run(String[] arguments, LongSupplier sinceStart) {
    Interrupts interrupts = Interrupts.ofProcess();
    Console console = Console.ofProcess();
    int code = new Cli(console, interrupts, sinceStart).run(List.of(arguments));
    console.closeIn();
    interrupts.ended(code);
    return code;
  }

  /** Runs one command line. */
  int run(List<String> arguments) {
    JsonEvents json = new JsonEvents(console, sinceStart);
    try {
      return dispatch(arguments, json).code();
    } catch (ProblemException e) {
      tell(e.problem(), arguments, json);
      return e.problem().exit().code();
    } catch (InterruptedException e) {
      return ExitCode.INTERRUPTED.code();
    } catch (RuntimeException | Error e) {
      LoggerFactory.getLogger(Cli.class).debug("unexpected", e);
      tell(
          Problem.of(
              ExitCode.BUG,
              "this is a bug in Sallyport: " + firstLine(e),
              "SALLYPORT_LOG=debug in the environment shows where it happens; please report that"),
          arguments,
          json);
      return ExitCode.BUG.code();
    }
  }

  private ExitCode dispatch(List<String> arguments, JsonEvents json)
      throws ProblemException, InterruptedException {
    if (arguments.isEmpty()) {
      console.narrate(Help.overview(sallyport()));
      return ExitCode.USAGE;
    }
    String word = arguments.getFirst();
    List<String> rest = arguments.subList(1, arguments.size());
    return switch (word) {
      case "-h", "--help", "help" -> {
        Command about = rest.isEmpty() ? null : command(rest.getFirst());
        console.result(about == null ? Help.overview(sallyport()) : Help.of(about, sallyport()));
        yield ExitCode.OK;
      }
      case "-V", "--version" -> {
        console.result(Version.line());
        yield ExitCode.OK;
      }
      default -> run(command(word), rest, json);
    };
  }

  private ExitCode run(Command command, List<String> arguments, JsonEvents json)
      throws ProblemException, InterruptedException {
    ParseResult parsed = parse(command, arguments);
    if (parsed.isUsageHelpRequested()) {
      console.result(Help.of(command, sallyport()));
      return ExitCode.OK;
    }
    Typed typed = new Typed(parsed);
    Reporter reporter = typed.has(Flag.JSON) ? json : new Story(console, Instant::now);
    return command.run(new Invocation(typed, console, reporter, json, interrupts, sallyport()));
  }

  private static Command command(String word) throws ProblemException {
    Supplier<Command> command =
        switch (word) {
          case "serve" -> ServeCommand::new;
          case "connect" -> ConnectCommand::new;
          case "lookup" -> LookupCommand::new;
          case "id" -> IdCommand::new;
          case "dht-node" -> DhtNodeCommand::new;
          case "nat" -> NatCommand::new;
          case "observe" -> ObserveCommand::new;
          case "demo" -> DemoCommand::new;
          default ->
              throw ProblemException.usage(
                  "\""
                      + word
                      + "\" is not a command; expected serve, connect, lookup, id, nat, dht-node, observe"
                      + " or demo, for example: sallyport serve --echo");
        };
    return command.get();
  }

  private static ParseResult parse(Command command, List<String> arguments)
      throws ProblemException {
    CommandLine line = new CommandLine(Help.spec(command));
    // A message may begin with an at sign; it is no name of a file with arguments.
    line.setExpandAtFiles(false);
    try {
      return line.parseArgs(arguments.toArray(String[]::new));
    } catch (UnmatchedArgumentException e) {
      String what = e.getUnmatched().getFirst();
      throw ProblemException.usage(
          what.startsWith("-")
              ? "there is no option " + Words.printable(what) + "; there are " + options(command)
              : "\"" + Words.printable(what) + "\" is one word too many" + example(command));
    } catch (MissingParameterException e) {
      throw ProblemException.usage(missing(command, e.getMissing().getFirst()));
    } catch (OverwrittenOptionException e) {
      throw ProblemException.usage(
          option(e.getOverwritten()) + " is given twice; expected it once");
    } catch (ParameterException e) {
      throw ProblemException.usage(String.valueOf(e.getMessage()) + example(command));
    }
  }

  private static String missing(Command command, ArgSpec missing) {
    if (missing.isPositional()) {
      return "the id of the service is missing" + example(command);
    }
    String option = option(missing);
    return command.flags().stream()
        .filter(flag -> flag.option().equals(option))
        .findFirst()
        .map(flag -> option + " needs a value; expected for example " + flag.example())
        .orElse(option + " needs a value");
  }

  private static String option(ArgSpec spec) {
    return spec instanceof OptionSpec option ? option.longestName() : spec.paramLabel();
  }

  private static String options(Command command) {
    return command.flags().stream().map(Flag::option).collect(Collectors.joining(", "))
        + (command.flags().isEmpty() ? "" : " and ")
        + Flag.HELP.option()
        + example(command);
  }

  private static String example(Command command) {
    return "; expected for example: " + command.examples().getFirst();
  }

  private void tell(Problem problem, List<String> arguments, JsonEvents json) {
    if (arguments.contains(Flag.JSON.option())) {
      json.tell(new Event.Failed(problem));
    }
    if (problem.exit() != ExitCode.USAGE) {
      if (!arguments.contains(Flag.JSON.option())) {
        new Story(console, Instant::now).tell(new Event.Failed(problem));
      }
      return;
    }
    boolean known = !arguments.isEmpty() && isCommand(arguments.getFirst());
    String whole = known ? SALLYPORT + " " + arguments.getFirst() : SALLYPORT;
    console.narrate(whole + ": " + Words.printable(problem.sentence()));
    console.narrate("More: " + sallyport() + whole.substring(SALLYPORT.length()) + " --help");
  }

  private static String firstLine(Throwable failure) {
    return failure.toString().lines().findFirst().orElse("");
  }

  private static boolean isCommand(String word) {
    try {
      return command(word) != null;
    } catch (ProblemException e) {
      return false;
    }
  }

  /**
   * How to call us: by the launcher in this folder, if that is what runs us and nobody put it on
   * the path.
   */
  private String sallyport() {
    @Nullable String home = System.getProperty("sallyport.home");
    if (home == null || !Path.of("").toAbsolutePath().equals(Path.of(home))) {
      return SALLYPORT;
    }
    String path = console.environment().getOrDefault("PATH", "");
    boolean onPath = Arrays.stream(path.split(":")).anyMatch(home::equals);
    return onPath ? SALLYPORT : "./" + SALLYPORT;
  }
}
