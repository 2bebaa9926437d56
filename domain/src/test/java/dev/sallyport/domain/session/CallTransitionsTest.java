package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Reply;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallTransitionsTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);

  /** The table of the machine's Javadoc: what an event brings in each state. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "new       | start                | Discover Lookup",
        "new       | accepted             | Close",
        "new       | cancelled            | Finish",
        "looking   | accepted             | Close",
        "looking   | record               | ''",
        "looking   | lookup ended         | ''",
        "looking   | lookup failed        | ''",
        "looking   | join failed          | ''",
        "looking   | cancelled            | Finish",
        "preparing | accepted             | Close",
        "preparing | surveyed             | Knock WatchReplies Dial",
        "preparing | record               | ''",
        "preparing | restarted            | ''",
        "preparing | cancelled            | Finish",
        "calling   | accepted             | Secure",
        "calling   | dialled              | Secure",
        "calling   | dial failed          | ''",
        "calling   | record               | ''",
        "calling   | restarted            | Abort Knock WatchReplies Dial",
        "calling   | moved                | Dial",
        "calling   | reply accepted       | Dial",
        "calling   | reply moved          | Dial",
        "calling   | reply busy           | Abort",
        "calling   | reply refused        | Abort Finish",
        "calling   | knock delivered      | Dial",
        "calling   | knock failed         | ''",
        "calling   | cancelled            | Abort Finish",
        "queued    | accepted             | Secure",
        "queued    | record               | ''",
        "queued    | moved                | ''",
        "queued    | restarted            | Knock WatchReplies Dial",
        "queued    | reply accepted       | ''",
        "queued    | cancelled            | Finish",
        "over      | accepted             | Close",
        "over      | dialled              | Close",
        "over      | dial failed          | ''",
        "over      | record               | ''",
        "over      | restarted            | ''",
        "over      | lookup ended         | ''",
        "over      | lookup failed        | ''",
        "over      | join failed          | ''",
        "over      | surveyed             | ''",
        "over      | knock failed         | ''",
        "over      | reply busy           | ''",
        "over      | reply refused        | ''",
        "over      | cancelled            | ''",
      })
  void transitions(String state, String event, String effects) {
    CallBench bench = new CallBench();
    switch (state) {
      case "new" -> {}
      case "looking" -> bench.looking();
      case "preparing" -> bench.preparing();
      case "calling" -> bench.calling();
      case "queued" -> bench.queued();
      default -> bench.over();
    }
    // For a record that is issued now to be newer, and for what was dialled to be dialled again.
    bench.stall(PunchPolicy.DEFAULT.redialFloor());
    var step =
        switch (event) {
          case "start" -> bench.start();
          case "accepted" -> bench.on(bench.accepted("198.51.100.9:8765"));
          case "dialled" -> bench.on(bench.through(bench.dialTo("198.51.100.9:8765")));
          case "dial failed" ->
              bench.on(bench.failed(bench.dialTo("198.51.100.9:8765"), DialFailure.TUPLE_IN_USE));
          case "record" -> bench.on(bench.arrives(bench.record(10)));
          case "restarted" -> bench.on(bench.arrives(bench.record(20)));
          case "moved" ->
              bench.on(bench.arrives(Cast.record(10, bench.now(), "reflexive 198.51.100.10:1")));
          case "lookup ended" -> bench.on(new CallEvent.LookupEnded(TODAY));
          case "lookup failed" ->
              bench.on(new CallEvent.LookupFailed(TODAY, Reason.UNREACHABLE, "nobody"));
          case "join failed" -> bench.on(new DiscoveryEvent.JoinFailed("nobody"));
          case "surveyed" -> bench.on(new DiscoveryEvent.Surveyed());
          case "reply accepted" ->
              bench.on(
                  bench.reply(
                      Reply.Outcome.ACCEPTED, Duration.ZERO, "reflexive 198.51.100.9:8765"));
          case "reply moved" ->
              bench.on(
                  bench.reply(Reply.Outcome.ACCEPTED, Duration.ZERO, "reflexive 198.51.100.9:9"));
          case "reply busy" -> bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ofSeconds(1)));
          case "reply refused" -> bench.on(bench.reply(Reply.Outcome.REFUSED, Duration.ZERO));
          case "knock delivered" -> bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
          case "knock failed" -> bench.on(new CallEvent.KnockFailed(bench.nonce(), "full"));
          case "cancelled" -> bench.on(new CallEvent.Cancelled());
          default -> throw new AssertionError(event);
        };
    assertThat(step.text()).isEqualTo(effects);
  }
}
