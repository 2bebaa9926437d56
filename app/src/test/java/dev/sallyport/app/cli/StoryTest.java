package dev.sallyport.app.cli;

import static dev.sallyport.app.cli.Samples.CALLER;
import static dev.sallyport.app.cli.Samples.NOW;
import static dev.sallyport.app.cli.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoryTest {
  private static final Map<String, String> PLAIN = Map.of("TERM", "xterm", "NO_COLOR", "1");

  private final TestConsole console = TestConsole.terminal(PLAIN);
  private final Story story = new Story(console.console(), () -> NOW);

  @Test
  void call_isToldFromTheFirstLookToTheGoodbye() {
    story.tell(Samples.STARTING);
    story.progress(Samples.JOINED);
    story.progress(Samples.NETWORK);
    story.progress(
        new Progress.Waiting(
            Progress.Waiting.For.RECORD, Duration.ofSeconds(3), Duration.ofSeconds(27)));
    story.progress(Samples.FOUND);
    story.progress(new Progress.Knocked(3, 8));
    story.progress(new Progress.RungStarted(Rung.EXTERNAL, List.of(at("198.18.1.2:8765"))));
    story.progress(
        new Progress.Reached(Rung.EXTERNAL, at("10.0.1.2:40001"), at("198.18.1.2:8765"), 2));
    story.progress(Samples.connected(null, 2));
    story.tell(new Event.ChatOpened());
    story.tell(new Event.Message(null, "hello"));
    story.tell(new Event.LinkClosed(null, true, "closed by the peer"));

    assertThat(console.out())
        .isEqualTo(
            """
            dht         joining from 198.18.9.1:6881
            dht         joined: 8 nodes after 0.41 s
            network     this computer and how others see it
                        local     10.0.1.2
                        external  198.18.0.2:8765
                        NAT: shows one port to everybody, easy to get through; keeps port numbers
            waiting     nobody has registered this id yet; looking again (3 s, giving up in 27 s)
            found       the service left its record 12 s ago, with 2 places to try; it is on a different network
            knock       left with 3 of 8 nodes; the service should open its side now
            external    trying 198.18.1.2:8765
            external    something answers at 198.18.1.2:8765 after 2 attempts; checking who it is
            connected   external to 198.18.1.2:8765, 2 attempts, after 1.24 s
                        type a line and press Enter to send it; Ctrl+D ends the conversation
            < hello
            closed      the conversation has ended, closed by the peer
            """);
  }

  @Test
  void ofManyThatAnswer_oneIsTold_untilThereIsTrouble() {
    for (String port : List.of("63947", "63951")) {
      story.progress(
          new Progress.Reached(Rung.EXTERNAL, at("10.0.1.2:4000"), at("198.18.1.2:" + port), 70));
    }
    assertThat(console.out()).contains("63947").doesNotContain("63951");
    story.progress(new Progress.Trouble("a connection could not be secured: it is somebody else"));
    story.progress(
        new Progress.Reached(Rung.EXTERNAL, at("10.0.1.2:4000"), at("198.18.1.2:63951"), 71));
    assertThat(console.out()).contains("63951");
  }

  @Test
  void service_isToldWithTheLineToPaste() {
    story.tell(new Event.Starting(List.of("dht:"), List.of()));
    story.tell(
        new Event.Registered(Samples.ID, 8765, 8, 8, "sallyport connect '" + Samples.ID + "'"));
    story.progress(
        new Progress.KnockReceived(
            CALLER, List.of(new Candidate(CandidateKind.REFLEXIVE, at("198.18.0.2:40001")))));
    story.progress(Samples.connected(CALLER, 0));
    story.tell(new Event.Message(CALLER, "hello"));
    story.tell(new Event.LinkClosed(CALLER, false, "the connection broke: reset"));
    story.tell(new Event.Stopped("the service has ended"));

    assertThat(console.out())
        .isEqualTo(
            """
            dht         joining the public DHT
            registered  Id(0123456789abcdef0123456789abcdef01234567) with 8 of 8 nodes; listening on port 8765

            Paste this on the other computer:

            sallyport connect 'Id(0123456789abcdef0123456789abcdef01234567)'

            waiting     for callers; Ctrl+C ends the service
            knock       caller 7fa12b knocks, from 198.18.0.2:40001
            connected   caller 7fa12b: external to 198.18.1.2:8765, dialled by them, after 1.24 s
            7fa12b: hello
            closed      caller 7fa12b: the conversation has ended, the connection broke: reset
            closed      the service has ended
            """);
  }

  @Test
  void unreachedService_isExplainedRungByRung() {
    fail(Samples.noRung(Duration.ofMinutes(3), true));

    assertThat(console.out())
        .isEqualTo(
            """
            failed      the service was found, but no way to it opened; it was last seen 3 min ago and answered our knock
                        external  198.18.1.2:8765: 118 attempts from 0.31 s to 15 s (96 refused, 22 unanswered)
                        local     10.0.2.2:8765: 1 attempt at 0.56 s
                        - both sides are up; a NAT or firewall between them lets nothing through: `sallyport nat --with ID` tells which
                        - what helps: forward a port on one side's router, and there `sallyport serve --port N --advertise PUBLIC_ADDRESS:N`
            """);
  }

  @Test
  void chanceOnBothSides_isSaidInOneSentence_andWhatHelps() {
    Problem problem =
        FailureWords.problem(
            Samples.noRung(Duration.ofMinutes(3), true, tactic(Tactic.Kind.IMPOSSIBLE, true, true)),
            NOW);
    story.tell(new Event.Failed(problem));

    assertThat(problem.exit()).isEqualTo(ExitCode.NO_RUNG);
    assertThat(console.out())
        .isEqualTo(
            """
            failed      the service was found, but no way to it opened: both routers take a new port for each connection, at random (symmetric NATs): neither side can know where to dial; it was last seen 3 min ago and answered our knock
                        external  198.18.1.2:8765: 118 attempts from 0.31 s to 15 s (96 refused, 22 unanswered)
                        local     10.0.2.2:8765: 1 attempt at 0.56 s
                        - calling again does not help; one of these does, and on one side is enough:
                        - forward TCP port 8765 on a router to its computer, and serve there: `sallyport serve --port 8765 --advertise PUBLIC_ADDRESS:8765`
                        - let a router's NAT be "full cone", "endpoint-independent" or "static port", as some call it
                        - move one side to another network, such as a phone's hotspot; `sallyport nat` tells how hard it is
                        - or use IPv6, if both sides can have it: there is no port to guess
            """);
  }

  @Test
  void onePublicAddress_isSaid_andWhatEitherCaseNeeds() {
    fail(Samples.noRung(Duration.ZERO, true, true, Tactic.PLAIN));
    assertThat(console.out())
        .contains(
            "no way to it opened, though you both come from the same public address; it was last",
            "in one house: ",
            "in two houses: ",
            "no hairpinning",
            "IPv6")
        .doesNotContain("forward a port");
  }

  @Test
  void onePublicAddress_isNotTheReason_whereTheServiceIsGone() {
    fail(Samples.noRung(Duration.ZERO, false, true, Tactic.PLAIN));
    assertThat(console.out()).doesNotContain("same public address").contains("probably ended");
  }

  @Test
  void whatWasGuessed_isSaid_andThatAnotherTryMayMeet() {
    fail(Samples.noRung(Duration.ZERO, true, tactic(Tactic.Kind.BIRTHDAY, false, true)));
    fail(Samples.noRung(Duration.ZERO, true, tactic(Tactic.Kind.PREDICTED, true, false)));

    assertThat(console.out())
        .contains(
            "opened: the service's router takes a new port for each connection, at random; both"
                + " sides dialled many ports, and no two of them met; it was",
            "opened: this side's router takes a new port for each connection, in steps; the next"
                + " ones were dialled, and none was right; it was",
            "- call again: the next try guesses anew");
  }

  @Test
  void whoMayHaveFilledARouter_isToldToWait_andNobodyElse() {
    fail(Samples.noRung(Duration.ZERO, true, tactic(Tactic.Kind.PREDICTED, true, false)));
    assertThat(console.out()).contains("call again").doesNotContain("wait two minutes");

    fail(Samples.noRung(Duration.ZERO, true, tactic(Tactic.Kind.BIRTHDAY, false, true)));
    assertThat(console.out())
        .contains("wait two minutes: such calls fill a router with half-open connections");
  }

  @Test
  void strategy_isToldFromWhereItIsSeen() {
    story.progress(new Progress.Tried(tactic(Tactic.Kind.PREDICTED, false, true), null));
    story.progress(new Progress.Tried(tactic(Tactic.Kind.BIRTHDAY, false, true), CALLER));
    story.progress(
        new Progress.Tried(new Tactic(Tactic.Kind.BIRTHDAY, true, false, 4, false), CALLER));
    story.progress(new Progress.Tried(tactic(Tactic.Kind.IMPOSSIBLE, true, true), null));
    story.progress(new Progress.Tried(Tactic.PLAIN, null));

    assertThat(console.out())
        .isEqualTo(
            """
            strategy    the service's router takes a new port for each connection, in steps: the next ones are dialled
            strategy    caller 7fa12b: this side's router takes a new port for each connection, at random: both sides dial many ports until two meet, which takes some seconds
            strategy    caller 7fa12b: the caller's router takes a new port for each connection, at random: both sides dial many ports until two meet, which takes some seconds; that it does is a guess, so the known ports come first
            strategy    both routers take a new port for each connection, at random: neither side can know where to dial; what needs no luck is tried for a few seconds
            strategy    no port has to be guessed after all: both sides dial where the other one is
            """);
  }

  @Test
  void aWayWithDetours_isToldRungByRung_anotherIsNot() {
    story.progress(
        new Progress.Climbed(Tactic.PLAIN, NatProfile.unknown(), Samples.rungs().subList(0, 1)));
    assertThat(console.out()).isEmpty();
    story.progress(new Progress.Climbed(Tactic.PLAIN, NatProfile.unknown(), Samples.rungs()));
    assertThat(console.out())
        .isEqualTo(
            """
                        external  198.18.1.2:8765: 118 attempts from 0.31 s to 15 s (96 refused, 22 unanswered)
                        local     10.0.2.2:8765: 1 attempt at 0.56 s
            """);
  }

  private static Tactic tactic(Tactic.Kind kind, boolean caller, boolean service) {
    return new Tactic(kind, caller, service, 7, true);
  }

  @Test
  void serviceThatIsGone_isSaidToBe() {
    fail(Samples.noRung(Duration.ofHours(3), false));

    assertThat(console.out())
        .contains("last seen 3 h ago and did not answer our knock")
        .contains("it has probably ended");
  }

  @ParameterizedTest
  @EnumSource(Failure.Kind.class)
  void everyFailure_hasAShortSentenceAndItsExitCode(Failure.Kind kind) {
    Problem problem = FailureWords.problem(Failure.of(kind, "because of this"), NOW);
    story.tell(new Event.Failed(problem));

    assertThat(console.out()).startsWith("failed      ").doesNotContain("null");
    assertThat(problem.exit().code())
        .isEqualTo(
            switch (kind) {
              case RENDEZVOUS_UNREACHABLE -> 3;
              case NOT_FOUND -> 4;
              case NO_RUNG -> 5;
              case REFUSED, WRONG_PEER -> 6;
              case LOCAL_PROBLEM -> 7;
            });
  }

  @Test
  void hostileText_cannotDressUpAsAnythingElse() {
    story.tell(new Event.Message(CALLER, "hi\u001b[2J\nffffff: I am another\u202e"));

    assertThat(console.out())
        .isEqualTo("7fa12b: hi<U+001B>[2J\n7fa12b: ffffff: I am another<U+202E>\n");
  }

  @Test
  void pipe_getsTheMessageAsItIs_andNothingElse() {
    TestConsole pipes = TestConsole.pipes();
    Story piped = new Story(pipes.console(), () -> NOW);
    piped.progress(Samples.JOINED);
    piped.tell(new Event.Message(null, "a\tb"));

    assertThat(pipes.out()).isEqualTo("a\tb\n");
    assertThat(pipes.err()).isEqualTo("rendezvous  joined: 8 peers after 0.41 s\n");
  }

  @Test
  void symmetricNat_isCalledHard() {
    story.progress(
        new Progress.Network(
            List.of(at("10.0.1.2:1")),
            List.of(at("198.18.0.2:2")),
            Samples.profile(Behavior.ADDRESS_AND_PORT_DEPENDENT)));

    assertThat(console.out()).contains("(symmetric), hard to get through");
  }

  @Test
  void colour_isForTerminalsOnly_andNotForThoseWhoDoNotWantIt() {
    assertThat(told(Map.of("TERM", "xterm"))).contains("\u001b[");
    assertThat(told(PLAIN)).doesNotContain("\u001b");
    assertThat(told(Map.of("TERM", "dumb"))).doesNotContain("\u001b");
    TestConsole pipes = TestConsole.pipes(InputStream.nullInputStream(), Map.of("TERM", "xterm"));
    new Story(pipes.console(), () -> NOW).progress(Samples.JOINED);
    assertThat(pipes.err()).doesNotContain("\u001b");
  }

  private void fail(Failure failure) {
    story.tell(new Event.Failed(FailureWords.problem(failure, NOW)));
  }

  private static String told(Map<String, String> environment) {
    TestConsole terminal = TestConsole.terminal(environment);
    new Story(terminal.console(), () -> NOW).progress(Samples.JOINED);
    return terminal.out();
  }
}
