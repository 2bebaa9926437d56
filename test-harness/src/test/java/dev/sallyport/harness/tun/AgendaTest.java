package dev.sallyport.harness.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AgendaTest {
  /** Where {@link System#nanoTime} starts is anybody's guess: here just before it wraps. */
  private long real = Long.MAX_VALUE - 5;

  private final Agenda agenda = new Agenda(() -> real);
  private final List<String> done = new ArrayList<>();

  private void note(String what) {
    done.add(what + " at " + agenda.now());
  }

  @Test
  void whatIsDue_isDoneInOrder_andFirstComeFirstServed() {
    agenda.at(20, () -> note("second"));
    agenda.at(20, () -> note("third"));
    agenda.at(10, () -> note("first"));
    agenda.at(31, () -> note("later"));
    real += 30;
    assertThat(agenda.catchUp()).isEqualTo(1);
    assertThat(done).containsExactly("first at 10", "second at 20", "third at 20");
    assertThat(agenda.now()).isEqualTo(30);
    assertThat(agenda.size()).isOne();
  }

  @Test
  void whatFollowsFromSomethingLate_isNotLaterStill() {
    agenda.at(10, () -> agenda.at(agenda.now() + 5, () -> note("hop")));
    real += 100;
    assertThat(agenda.catchUp()).isEqualTo(Long.MAX_VALUE);
    assertThat(done).containsExactly("hop at 15");
  }

  @Test
  void lateness_isTimeSinceTheClockWasRight() {
    agenda.at(10, () -> note("late by " + agenda.lateness()));
    real += 17;
    agenda.catchUp();
    assertThat(done).containsExactly("late by 7 at 10");
    assertThat(agenda.lateness()).isZero();
  }

  @Test
  void whatShouldHaveBeenDoneAlready_isDoneNow_andTheClockDoesNotRunBackwards() {
    real += 50;
    agenda.catchUp();
    agenda.at(20, () -> note("missed"));
    assertThat(agenda.catchUp()).isEqualTo(Long.MAX_VALUE);
    assertThat(done).containsExactly("missed at 50");
  }
}
