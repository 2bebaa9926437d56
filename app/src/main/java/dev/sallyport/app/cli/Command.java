package dev.sallyport.app.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One of the commands: how it is typed, its help, and what it does. */
interface Command {
  /** The word that follows {@code sallyport}. */
  String name();

  /** What it does, in a sentence or two. */
  List<String> purpose();

  /** What its one argument is called in the help; null if it takes none. */
  @Nullable String argument();

  /** Its options, in the order of the help; {@code --help} is added. */
  List<Flag> flags();

  /** Real command lines, the simplest first. */
  List<String> examples();

  /** How it can end. */
  List<ExitCode> exits();

  /** Does it. */
  ExitCode run(Invocation invocation) throws ProblemException, InterruptedException;
}
