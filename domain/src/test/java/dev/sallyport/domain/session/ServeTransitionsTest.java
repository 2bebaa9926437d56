package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeTransitionsTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);

  /** The table of the machine's Javadoc: what an event brings. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "new     | start                  | Discover Watch",
        "started | network known          | Publish",
        "started | 1.5 s pass             | Publish",
        "started | join failed            | Finish",
        "started | 12 s pass              | Publish Finish",
        "started | published              | ''",
        "serving | join failed            | ''",
        "serving | publish failed         | ''",
        "serving | another network        | Discover Publish",
        "serving | same network           | ''",
        "serving | 15 minutes pass        | SetPace Publish",
        "serving | knock                  | Confirm Dial",
        "serving | knock on an old record | Confirm Reply Dial",
        "serving | garbage knock          | ''",
        "serving | accepted               | Secure",
        "serving | hello of a stranger    | Refuse",
        "serving | hello without a knock  | Welcome",
        "serving | cancelled              | Finish",
        "punched | dial failed            | ''",
        "punched | hello                  | Abort Welcome",
        "punched | same knock             | ''",
        "punched | another knock          | Abort Dial",
        "punched | link failed            | ''",
        "punched | 15 s pass              | Reply Abort",
        "punched | cancelled              | Abort Close Finish",
        "welcome | link ready             | ''",
        "welcome | link failed            | Dial",
        "welcome | hello                  | Welcome",
        "welcome | cancelled              | Close Finish",
        "linked  | closed                 | ''",
        "linked  | lost                   | Dial",
        "linked  | cancelled              | Close Finish",
        "over    | accepted               | Close",
        "over    | knock                  | ''",
        "over    | hello of a stranger    | Refuse",
        "over    | network known          | ''",
        "over    | publish failed         | ''",
        "over    | 15 minutes pass        | ''",
        "over    | cancelled              | ''",
      })
  void transitions(String state, String event, String effects) {
    ServeBench bench = new ServeBench();
    CallNonce nonce = bench.newNonce();
    SocketId socket = SocketId.accepted(999);
    switch (state) {
      case "new" -> {}
      case "started" -> bench.start();
      case "serving" -> bench.serving();
      case "punched" -> {
        socket = bench.serving().punched(nonce);
        bench.pass(Duration.ofMillis(300)); // the local rung dials, too
      }
      case "welcome" -> {
        socket = bench.serving().punched(nonce);
        bench.on(bench.hello(socket, nonce));
      }
      case "linked" -> socket = bench.serving().linked(nonce);
      default -> bench.over();
    }
    bench.stall(PunchPolicy.DEFAULT.redialFloor());
    var step =
        switch (event) {
          case "start" -> bench.start();
          case "network known" -> {
            bench.on(Cast.listed("192.168.1.2"));
            yield bench.on(new DiscoveryEvent.Surveyed());
          }
          case "join failed" -> {
            bench.on(Cast.listed("192.168.1.2"));
            yield bench.on(new DiscoveryEvent.JoinFailed("nobody"));
          }
          case "published" -> bench.on(new ServeEvent.Published(TODAY, 8, 8));
          case "publish failed" ->
              bench.on(new ServeEvent.PublishFailed(TODAY, 1, Reason.UNREACHABLE, "nobody"));
          case "another network" -> {
            bench.stall(Duration.ofSeconds(2));
            yield bench.on(Cast.listed("10.0.0.9"));
          }
          case "same network" -> bench.on(Cast.listed("192.168.1.2"));
          case "knock", "another knock" ->
              bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
          case "same knock" -> bench.on(bench.knock(nonce, "reflexive 203.0.113.7:4000"));
          case "knock on an old record" ->
              bench.on(
                  bench.knock(
                      Cast.CALLER, nonce, Cast.NOON.minusSeconds(60), "reflexive 203.0.113.7:1"));
          case "garbage knock" ->
              bench.on(new ServeEvent.KnockArrived(SealedItem.of(new byte[200])));
          case "accepted" -> bench.on(bench.accepted("203.0.113.7:4000"));
          case "hello of a stranger" -> bench.on(bench.hello(SocketId.accepted(999), nonce));
          case "hello without a knock" -> {
            SocketEvent.Accepted accepted = bench.accepted("203.0.113.7:50000");
            bench.on(accepted);
            yield bench.on(bench.hello(accepted.id(), nonce));
          }
          case "hello" -> {
            if (state.equals("welcome")) {
              SocketEvent.Accepted another = bench.accepted("203.0.113.7:50000");
              bench.on(another);
              socket = another.id();
            }
            yield bench.on(bench.hello(socket, nonce));
          }
          case "dial failed" ->
              bench.on(bench.failed(bench.dialTo("192.168.1.77:4000"), DialFailure.TUPLE_IN_USE));
          case "link ready" -> bench.on(new SocketEvent.LinkReady(socket));
          case "link failed" -> bench.on(bench.broken(socket, LinkException.Reason.BROKEN));
          case "closed" -> bench.on(bench.closed(socket, true));
          case "lost" -> bench.on(bench.closed(socket, false));
          case "cancelled" -> bench.on(new ServeEvent.Cancelled());
          case "1.5 s pass" -> bench.pass(Duration.ofMillis(1500));
          case "12 s pass" -> bench.pass(Duration.ofSeconds(12));
          case "15 s pass" -> bench.pass(Duration.ofSeconds(15));
          case "15 minutes pass" -> bench.pass(Duration.ofMinutes(15));
          default -> throw new AssertionError(event);
        };
    assertThat(step.text()).isEqualTo(effects);
  }
}
