package dev.sallyport.app.cli;

import dev.sallyport.domain.session.Failure;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why a command did not do what it was asked, in words a person can act on.
 *
 * @param kind one word for programs
 * @param sentence what is wrong, without a full stop
 * @param advice what the user can do, a line each
 * @param failure what it comes from, if it comes from a call or a service
 */
record Problem(
    ExitCode exit, String kind, String sentence, List<String> advice, @Nullable Failure failure) {
  Problem {
    advice = List.copyOf(advice);
  }

  static Problem of(ExitCode exit, String sentence, String... advice) {
    String kind = exit.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return new Problem(exit, kind, sentence, List.of(advice), null);
  }
}
