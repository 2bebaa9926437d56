package dev.sallyport.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How to start this program once more: the same Java, flags and class path. */
final class Itself {
  private static final String MAIN = "dev.sallyport.app.cli.Main";

  private Itself() {}

  /** The whole command with these arguments. */
  static List<String> command(List<String> arguments) {
    ProcessHandle.Info info = ProcessHandle.current().info();
    List<String> typed = Arrays.asList(info.arguments().orElse(new String[0]));
    int main = typed.indexOf(MAIN);
    List<String> command = new ArrayList<>();
    command.add(info.command().orElse(Path.of(System.getProperty("java.home"), "bin/java") + ""));
    if (main >= 0) {
      command.addAll(typed.subList(0, main));
    } else {
      // Not every system tells, and not of long command lines; nor does a test start our main
      // class.
      command.addAll(List.of("-cp", System.getProperty("java.class.path", "")));
    }
    command.add(MAIN);
    command.addAll(arguments);
    return command;
  }
}
