package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a service's user is told, and in which order. */
class ServeReportTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);
  private static final Endpoint HERE = Endpoint.parse("192.168.1.2:4000");
  private static final Endpoint CALLER = Endpoint.parse(ServeBench.CALLER_OUTSIDE);

  @Test
  void aServiceAndItsFirstCaller_areToldStepByStep() {
    ServeBench bench = new ServeBench().serving();
    CallNonce nonce = bench.newNonce();
    SocketId id = bench.punched(nonce);
    bench.on(bench.hello(id, nonce));
    bench.pass(Duration.ofMillis(40));
    bench.on(new SocketEvent.LinkReady(id));

    assertThat(bench.told())
        .containsExactly(
            new Progress.Joined(8, Duration.ofMillis(50)),
            new Progress.Network(
                List.of(Endpoint.parse("192.168.1.2:8765")),
                List.of(Endpoint.parse("198.51.100.9:8765")),
                bench.lastRecord().profile()),
            new Progress.Registered(Cast.ID, 8, 8),
            new Progress.KnockReceived(
                Cast.CALLER.key(),
                List.of(
                    Cast.candidate("reflexive " + CALLER),
                    Cast.candidate("host 192.168.1.77:4000"))),
            new Progress.RungStarted(Rung.EXTERNAL, List.of(CALLER)),
            new Progress.Connected(
                id, Rung.EXTERNAL, HERE, CALLER, 1, Duration.ofMillis(40), Cast.CALLER.key()));
  }

  @Test
  void theAttemptsBeforeALinkWasLost_stillCount() {
    ServeBench bench = new ServeBench().serving();
    CallNonce nonce = bench.newNonce();
    SocketId lost = bench.linked(nonce);
    bench.stall(PunchPolicy.DEFAULT.redialFloor());
    bench.on(bench.closed(lost, false));
    SocketId next = bench.dialTo(ServeBench.CALLER_OUTSIDE);
    bench.on(bench.through(next));
    bench.on(bench.hello(next, nonce));
    Progress connected = bench.on(new SocketEvent.LinkReady(next)).told().getFirst();
    assertThat(connected)
        .isInstanceOfSatisfying(
            Progress.Connected.class, link -> assertThat(link.attempts()).isEqualTo(2));
  }

  @Test
  void theFirstRecordThatIsOutIsTold_theLaterOnesAreNot() {
    ServeBench bench = new ServeBench().serving();
    bench.pass(Duration.ofMinutes(15));
    assertThat(bench.on(new ServeEvent.Published(TODAY, 7, 8)).told()).isEmpty();
  }

  @Test
  void aRecordThatCouldNotBeLeft_isTold_unlessANewerOneIsUnderWay() {
    ServeBench bench = new ServeBench().serving();
    long sequence = bench.lastPublish().sequence();
    assertThat(bench.on(notLeft(sequence)).told())
        .containsExactly(new Progress.Trouble("the record could not be left: nobody answers"));
    assertThat(bench.on(notLeft(sequence - 1)).told()).isEmpty();
  }

  @Test
  void whatChangesInTheNetwork_isTold() {
    ServeBench bench = new ServeBench().serving();
    assertThat(bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:8765")).told()).isEmpty();
    assertThat(bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:61000")).told())
        .singleElement()
        .isInstanceOfSatisfying(
            Progress.Network.class,
            network ->
                assertThat(network.external())
                    .containsExactly(Endpoint.parse("198.51.100.9:61000")));
  }

  @Test
  void aCallerWhoIsNotOnTheList_isToldByItsKey() {
    ServeBench bench = new ServeBench().serving();
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of())));
    assertThat(bench.on(bench.knock(bench.newNonce(), "reflexive " + CALLER)).told())
        .containsExactly(new Progress.KnockRefused(Cast.CALLER.key()));
  }

  @Test
  void whatSomebodySeesOnceMore_isPublishedOnce() {
    ServeBench bench = new ServeBench().serving();
    bench.pass(Duration.ofSeconds(2));
    assertThat(bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:8765")).text()).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(2)).text()).isEmpty();
  }

  @Test
  void whoConnects_isSecuredForTheDaysThatAreServed() {
    ServeBench bench = new ServeBench().serving();
    var secure = bench.on(bench.accepted("203.0.113.99:50000")).one(ServeEffect.Secure.class);
    assertThat(secure.keys()).extracting(DayKeys::day).containsExactly(TODAY);
  }

  @Test
  void whatComesUpAfterTheEnd_isClosed() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive " + CALLER));
    SocketEvent.Accepted accepted = bench.accepted("203.0.113.99:50000");
    bench.on(accepted);
    bench.on(new ServeEvent.Cancelled());
    var dialled = bench.on(bench.through(bench.dialTo(ServeBench.CALLER_OUTSIDE)));
    assertThat(dialled.text()).isEqualTo("Close");
    var ready = bench.on(new SocketEvent.LinkReady(accepted.id()));
    assertThat(ready.one(SocketEffect.Close.class).id()).isEqualTo(accepted.id());
    assertThat(bench.up()).isEmpty();
  }

  private static ServeEvent notLeft(long sequence) {
    return new ServeEvent.PublishFailed(TODAY, sequence, Reason.UNREACHABLE, "nobody answers");
  }
}
