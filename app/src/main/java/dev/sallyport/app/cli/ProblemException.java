package dev.sallyport.app.cli;

/** Ends a command with a problem. */
final class ProblemException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.sentence());
    this.problem = problem;
  }

  /** A mistake on the command line. */
  static ProblemException usage(String sentence) {
    return new ProblemException(Problem.of(ExitCode.USAGE, sentence));
  }

  /** Something about this computer. */
  static ProblemException local(String sentence, String... advice) {
    return new ProblemException(Problem.of(ExitCode.LOCAL_PROBLEM, sentence, advice));
  }

  Problem problem() {
    return problem;
  }
}
