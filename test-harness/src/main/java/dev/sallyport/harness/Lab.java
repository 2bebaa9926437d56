package dev.sallyport.harness;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;

/** The command line of the laboratory. Its exit codes are those of {@code sallyport}. */
@Command(
    name = "lab",
    description = "Plays sallyport between the NATs of two sites, on this machine.",
    subcommands = {
      RunCommand.class,
      MatrixCommand.class,
      ExplainCommand.class,
      ShellCommand.class,
      InternetCommand.class,
      RatesCommand.class,
      BenchCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
public final class Lab {
  static final int OK = 0;
  static final int USAGE = 2;
  static final int NOT_ALL_SUCCEEDED = 5;
  static final int LOCAL_PROBLEM = 7;

  private Lab() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The commands, with errors in one sentence. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Lab());
    addHelp(line);
    line.getSubcommands().values().forEach(Lab::addHelp);
    line.setParameterExceptionHandler(
        (failure, args) -> {
          CommandLine command = failure.getCommandLine();
          PrintWriter err = command.getErr();
          err.println(failure.getMessage());
          err.println("Try: ./" + command.getCommandSpec().qualifiedName() + " --help");
          return USAGE;
        });
    return line;
  }

  private static void addHelp(CommandLine command) {
    command
        .getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Show this help.")
                .build());
  }
}
