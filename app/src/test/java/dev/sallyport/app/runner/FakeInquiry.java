package dev.sallyport.app.runner;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.SourceReport.Contact;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** An observer that says what a test wants. */
final class FakeInquiry implements NatInquiry {
  final List<Question> asked = new CopyOnWriteArrayList<>();

  /** What is told of lifetimes; without any it takes for ever. */
  final List<QuietProbe> probes = new CopyOnWriteArrayList<>();

  final List<List<Duration>> lifetimesAsked = new CopyOnWriteArrayList<>();

  private final Endpoint server;
  private final Answering answering;

  /** Tells the sink what it likes, and completes the report when it likes. */
  interface Answering {
    void answer(Question question, Consumer<Evidence> sink, CompletableFuture<SourceReport> report);
  }

  FakeInquiry(String server, Answering answering) {
    this.server = Endpoint.parse(server);
    this.answering = answering;
  }

  /** Sees each port at a NAT that keeps ports. */
  static FakeInquiry honest(String server) {
    Endpoint observer = Endpoint.parse(server);
    return new FakeInquiry(
        server,
        (question, sink, report) -> {
          for (int port : question.mappingPorts()) {
            sink.accept(view(port, observer));
          }
          report.complete(report(observer, Contact.answered(Duration.ofMillis(5)), 1));
        });
  }

  static FakeInquiry silent(String server) {
    return new FakeInquiry(server, (question, sink, report) -> {});
  }

  static Observation view(int port, Endpoint observer) {
    return new Observation(
        port,
        Endpoint.parse("203.0.113.7:" + port),
        Transport.TCP,
        observer,
        Observation.Source.STUN,
        Duration.ofMillis(5),
        Instant.EPOCH.plusSeconds(1));
  }

  static SourceReport report(Endpoint server, Contact tcp, int answered) {
    return new SourceReport(
        server.toString(), Observation.Source.STUN, server, tcp, null, Set.of(), answered, 1);
  }

  @Override
  public String name() {
    return server.toString();
  }

  @Override
  public CompletionStage<SourceReport> ask(Question question, Consumer<Evidence> sink) {
    asked.add(question);
    CompletableFuture<SourceReport> report = new CompletableFuture<>();
    answering.answer(question, sink, report);
    return report;
  }

  @Override
  public CompletionStage<Void> testLifetime(List<Duration> quietTimes, Consumer<QuietProbe> sink) {
    lifetimesAsked.add(quietTimes);
    for (QuietProbe probe : probes) {
      sink.accept(probe);
    }
    return probes.isEmpty() ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {}
}
