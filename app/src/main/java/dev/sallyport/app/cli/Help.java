package dev.sallyport.app.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** From a {@link Command} to picocli, to parse it or to explain it. */
final class Help {
  private static final int WIDTH = 96;

  private static final String OVERVIEW =
      """
      Sallyport opens a direct, encrypted connection between two computers that are both behind
      their own routers: no router configuration, no account, no server in the middle.
      They find each other in the BitTorrent DHT and dial each other at the same moment.

      On one computer:       {sallyport} serve --echo
      On the other, paste the line it prints:
                             {sallyport} connect 'Id(...)'

      See it on one machine: {sallyport} demo

      Commands:
        serve      offer a service, and print the line that calls it
        connect    call a service by its id: a chat, or one message
        lookup     show what a service has registered
        id         show the id of a service, and this computer's public key
        nat        find out what NAT is in the way, and what works with whom
        dht-node   run DHT nodes, for a private network or a test
        observe    tell others how they look from outside: a STUN server
        demo       watch both sides meet, on this machine alone

      {sallyport} COMMAND --help explains a command; {sallyport} --version says which one this is.
      SALLYPORT_LOG=debug in the environment shows what happens inside, on standard error.

      Exit codes:
      """;

  private Help() {}

  /** What `sallyport --help` says. */
  static String overview(String sallyport) {
    StringBuilder text = new StringBuilder(OVERVIEW.replace("{sallyport}", sallyport));
    exits(List.of(ExitCode.values()))
        .forEach((code, words) -> text.append("  %3s  %s%n".formatted(code.strip(), words)));
    return text.toString().stripTrailing();
  }

  /** What `sallyport COMMAND --help` says. */
  static String of(Command command, String sallyport) {
    CommandSpec spec = spec(command);
    UsageMessageSpec usage = spec.usageMessage();
    usage.width(WIDTH).sortOptions(false).autoWidth(false);
    usage.synopsisHeading("").customSynopsis(synopsis(command, sallyport));
    usage.descriptionHeading("%n").description(command.purpose().toArray(String[]::new));
    usage.optionListHeading("%nOptions:%n");
    usage.exitCodeListHeading("%nExit codes:%n").exitCodeList(exits(command.exits()));
    usage.footerHeading("%nExamples:%n");
    usage.footer(
        command.examples().stream()
            .map(example -> "  " + example.replace("sallyport ", sallyport + " "))
            .toArray(String[]::new));
    spec.parser().separator(" ");
    CommandLine line = new CommandLine(spec);
    line.setInterpolateVariables(false);
    return line.getUsageMessage(Ansi.OFF).stripTrailing();
  }

  /** What picocli needs to parse the command. */
  static CommandSpec spec(Command command) {
    CommandSpec spec = CommandSpec.create().name("sallyport " + command.name());
    if (command.argument() != null) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .index("0")
              .arity("1")
              .required(true)
              .type(String.class)
              .paramLabel(command.argument())
              .hidden(true)
              .build());
    }
    command.flags().forEach(flag -> spec.addOption(flag.spec()));
    spec.addOption(Flag.HELP.spec());
    return spec;
  }

  private static String synopsis(Command command, String sallyport) {
    String argument = command.argument() == null ? "" : " " + command.argument();
    return "Usage: " + sallyport + " " + command.name() + argument + " [OPTIONS]";
  }

  private static Map<String, String> exits(List<ExitCode> exits) {
    Map<String, String> list = new LinkedHashMap<>();
    exits.forEach(exit -> list.put(" " + exit.code(), exit.words()));
    return list;
  }
}
