package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Arrivals;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Somebody who listens on a few ports, and asks STUN servers all about himself. */
final class Inquirer implements AutoCloseable, PunchTransport.Sink, Arrivals {
  final List<Evidence> evidence = new CopyOnWriteArrayList<>();
  final List<Integer> mappingPorts = new ArrayList<>();
  final List<Integer> filterPorts = new ArrayList<>();

  private final PunchTransport transport = NioPunchTransport.factory().open(this);
  private final List<RawConnection> guests = new CopyOnWriteArrayList<>();
  private final List<NatInquiry> inquiries;

  /** With two ports to look at, and two to dial back to. */
  Inquirer(Endpoint... servers) throws PunchTransport.PortUnavailableException {
    List<HostPort> names = new ArrayList<>();
    for (Endpoint server : servers) {
      names.add(HostPort.parse(server.toString()));
    }
    inquiries = StunInquiry.of(names, new NameLookup());
    for (int i = 0; i < 2; i++) {
      mappingPorts.add(transport.listen(0, true));
      filterPorts.add(transport.listen(0, true));
    }
  }

  /** Asks all, and waits for their reports. */
  List<SourceReport> ask(Duration deadline) throws Exception {
    List<CompletableFuture<SourceReport>> reports = new ArrayList<>();
    for (NatInquiry inquiry : inquiries) {
      NatInquiry.Question question =
          new NatInquiry.Question(mappingPorts, filterPorts, Depth.FULL, deadline, this);
      reports.add(inquiry.ask(question, evidence::add).toCompletableFuture());
    }
    List<SourceReport> all = new ArrayList<>();
    for (CompletableFuture<SourceReport> report : reports) {
      all.add(report.get(20, TimeUnit.SECONDS));
    }
    return all;
  }

  List<Observation> views(Transport transport) {
    return evidence.stream()
        .filter(piece -> piece.transport() == transport)
        .filter(Observation.class::isInstance)
        .map(Observation.class::cast)
        .toList();
  }

  List<FilterProbe> probes(Transport transport) {
    return evidence.stream()
        .filter(piece -> piece.transport() == transport)
        .filter(FilterProbe.class::isInstance)
        .map(FilterProbe.class::cast)
        .toList();
  }

  @Override
  public CompletionStage<Boolean> arrives(
      int localPort, Predicate<Endpoint> who, Duration patience) {
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              long start = System.nanoTime();
              boolean here = isHere(localPort, who);
              while (!here && System.nanoTime() - start < patience.toNanos()) {
                Thread.onSpinWait();
                here = isHere(localPort, who);
              }
              answer.complete(here);
            });
    return answer;
  }

  private boolean isHere(int localPort, Predicate<Endpoint> who) {
    return guests.stream()
        .anyMatch(guest -> guest.local().port() == localPort && who.test(guest.remote()));
  }

  @Override
  public void accepted(int port, RawConnection connection) {
    guests.add(connection);
  }

  @Override
  public void connected(SocketId id, RawConnection connection) {
    throw new AssertionError("nobody dials");
  }

  @Override
  public void failed(SocketId id, DialFailure failure) {
    throw new AssertionError("nobody dials");
  }

  @Override
  public void close() {
    inquiries.forEach(NatInquiry::close);
    transport.close();
    guests.forEach(RawConnection::close);
  }
}
