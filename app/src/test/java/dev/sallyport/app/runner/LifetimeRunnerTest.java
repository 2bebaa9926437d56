package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.MappingLifetime;
import dev.sallyport.domain.nat.NatClassifier;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.SourceReport.Contact;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LifetimeRunnerTest {
  private static final Duration SOON = Duration.ofMillis(10);
  private static final Duration LATER = Duration.ofMillis(20);

  private final FakeNet net = new FakeNet();
  private final FakeInquiry a = FakeInquiry.honest("192.0.2.1:3478");
  private final FakeInquiry b = FakeInquiry.honest("192.0.2.2:3478");

  @Test
  void whatAllObserversFound_isOneAnswer() throws Exception {
    a.probes.addAll(List.of(probe(SOON, Transport.UDP, true), probe(LATER, Transport.UDP, false)));
    b.probes.addAll(List.of(probe(SOON, Transport.TCP, true), probe(SOON, Transport.UDP, false)));
    LifetimeRunner.Result result = runner(heard(a), heard(b)).run();
    assertThat(result.udp()).isEqualTo(new MappingLifetime(SOON, LATER));
    assertThat(result.tcp()).isEqualTo(new MappingLifetime(SOON, null));
    assertThat(a.lifetimesAsked).containsExactly(List.of(SOON, LATER));
    assertThat(b.lifetimesAsked).containsExactly(List.of(SOON, LATER));
  }

  @Test
  void whoHasNotAnsweredBefore_isNotAskedAndNotWaitedFor() throws Exception {
    a.probes.add(probe(SOON, Transport.UDP, true));
    LifetimeRunner.Result result =
        runner(heard(a), SourceReport.notAsked(b.name(), heard(a).kind(), "no answer")).run();
    assertThat(result.udp()).isEqualTo(new MappingLifetime(SOON, null));
    assertThat(result.tcp()).isNull();
    assertThat(b.lifetimesAsked).isEmpty();
  }

  @Test
  void cancelled_itEndsWithWhatIsKnown() throws Exception {
    a.probes.add(probe(SOON, Transport.UDP, true));
    LifetimeRunner runner = runner(heard(a), heard(b)); // b takes for ever
    runner.cancel();
    assertThat(runner.run().udp()).isEqualTo(new MappingLifetime(SOON, null));
  }

  private LifetimeRunner runner(SourceReport... sources) {
    Ports ports = PortsOf.inquiries(net, a, b);
    NatRunner.Result found =
        new NatRunner.Result(
            NatClassifier.diagnose(List.of(), List.of()),
            List.of(),
            List.of(),
            List.of(sources),
            List.of(),
            null,
            Duration.ofSeconds(1));
    return new LifetimeRunner(ports, found, List.of(SOON, LATER));
  }

  private static SourceReport heard(FakeInquiry inquiry) {
    return FakeInquiry.report(Endpoint.parse(inquiry.name()), Contact.answered(SOON), 1);
  }

  private static QuietProbe probe(Duration quiet, Transport transport, boolean kept) {
    return new QuietProbe(
        4000, transport, Endpoint.parse("192.0.2.1:3478"), quiet, kept, Instant.EPOCH);
  }
}
