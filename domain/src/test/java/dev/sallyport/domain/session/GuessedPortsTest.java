package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller that knows little of its own NAT when it knocks, and more soon after. */
class GuessedPortsTest {
  private static final String OUTSIDE = "203.0.113.7";

  private static final Endpoint SERVICE = Endpoint.parse(CallBench.SERVICE_OUTSIDE);

  private final CallBench bench = new CallBench();

  @BeforeEach
  void start() {
    bench.start();
    bench.on(new DiscoveryEvent.Joined(8, Duration.ofMillis(50)));
    bench.on(Cast.listed("192.168.1.2"));
  }

  /** Real surveys take longer than a lookup in a DHT that is near. */
  @Test
  void whatWasAGuessWhenTheServiceWasFound_isNoneAnyMore_whenTheKnockLeaves() {
    List<DiscoveryEvent> looks = Cast.looks(Cast.CALLER_PORTS, OUTSIDE, steps());
    List<DiscoveryEvent> first = List.of(looks.get(0), looks.get(2), looks.get(4));
    first.forEach(bench::on);
    bench.on(new DiscoveryEvent.Surveyed());
    assertThat(found().text()).startsWith("Sample");
    looks.stream().filter(look -> !first.contains(look)).forEach(bench::on);
    Bench<CallEvent, CallEffect>.Step sampled = bench.on(Cast.sampled(OUTSIDE + ":7000"));
    assertThat(sampled.all(SocketEffect.Dial.class)).filteredOn(d -> d.localPort() == 0).hasSize(4);
  }

  /** One look at each address of a carrier does not tell whether its ports are few. */
  @Test
  void whatWasAGuessWhenTheKnockLeft_isKnockedAgain_whenItTurnsOutWrong() {
    List<DiscoveryEvent> looks = Cast.looks(Cast.CALLER_PORTS, OUTSIDE, block());
    List<DiscoveryEvent> elsewhere = Cast.looks(Cast.CALLER_PORTS, "203.0.113.8", block());
    bench.on(looks.get(0));
    bench.on(elsewhere.get(2));
    bench.on(looks.get(4));
    bench.on(new DiscoveryEvent.Surveyed());
    found();
    assertThat(bench.opened(10).knock().strategy())
        .isEqualTo(new Strategy.Birthday(true, 2048, 512, 1024, 65535));
    looks.subList(5, looks.size()).forEach(bench::on);
    bench.pass(Duration.ofMillis(200));
    assertThat(bench.opened(10).knock().strategy())
        .isEqualTo(new Strategy.Birthday(true, 80, 512, 2048, 2559));
    bench.on(accepted(bench.opened(10).knock().strategy()));
    bench.pass(Duration.ofSeconds(3));
    assertThat(bench.all().stream().filter(SocketEffect.Dial.class::isInstance))
        .as("the many dials of the guess are not made any more")
        .hasSizeLessThan(200);
  }

  /** The service waits a second for a plain open before it dials the ports of a guess. */
  @Test
  void aBirthdayThatTheKnockGuessed_beginsWhenTheServiceBeginsIt_howeverSureWeAreByThen() {
    List<DiscoveryEvent> looks = Cast.looks(Cast.CALLER_PORTS, OUTSIDE, block());
    List.of(0, 2, 4).forEach(n -> bench.on(looks.get(n)));
    bench.on(new DiscoveryEvent.Surveyed());
    found();
    Strategy guess = bench.opened(10).knock().strategy();
    assertThat(guess).isEqualTo(new Strategy.Birthday(true, 80, 512, 2048, 2559));
    looks.stream().filter(look -> looks.indexOf(look) % 2 == 1).forEach(bench::on);
    bench.on(accepted(guess));
    bench.pass(Duration.ofMillis(999));
    assertThat(fromManyPorts()).isEmpty();
    bench.pass(Duration.ofMillis(1));
    assertThat(fromManyPorts()).hasSize(32);
  }

  private CallEvent.ReplyArrived accepted(Strategy strategy) {
    return bench.reply(
        Reply.Outcome.ACCEPTED,
        strategy,
        NatProfile.unknown(),
        Duration.ZERO,
        bench.now(),
        "reflexive " + CallBench.SERVICE_OUTSIDE);
  }

  /** Not the one of the rung {@code direct}, which is not held for as long. */
  private List<SocketEffect.Dial> fromManyPorts() {
    return bench.all().stream()
        .filter(SocketEffect.Dial.class::isInstance)
        .map(SocketEffect.Dial.class::cast)
        .filter(dial -> dial.localPort() == 0 && dial.remote().equals(SERVICE))
        .filter(dial -> dial.timeout().equals(Duration.ofSeconds(4)))
        .toList();
  }

  private Bench<CallEvent, CallEffect>.Step found() {
    bench.pass(CallBench.FOUND_AFTER);
    return bench.found(
        Cast.record(
            10, bench.now(), NatProfile.unknown(), "reflexive " + CallBench.SERVICE_OUTSIDE));
  }

  private static IntSupplier steps() {
    AtomicInteger port = new AtomicInteger(5000);
    return () -> port.addAndGet(2);
  }

  private static IntSupplier block() {
    Random random = new Random(3);
    return () -> random.nextInt(2048, 2560);
  }
}
