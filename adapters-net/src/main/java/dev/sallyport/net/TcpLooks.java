package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How a server sees our ports over TCP, at its first endpoint and at its second port: the mapping
 * tests of RFC 5780 section 4.3 that one address can make.
 */
final class TcpLooks {
  private final Examination examination;
  private final Pacer pacer;

  TcpLooks(Examination examination, Pacer pacer) {
    this.examination = examination;
    this.pacer = pacer;
  }

  CompletableFuture<Void> run(Endpoint server) {
    CompletableFuture<Optional<Endpoint>> second = new CompletableFuture<>();
    List<CompletableFuture<Void>> looks = new ArrayList<>();
    for (int port : examination.question().mappingPorts()) {
      looks.add(
          pacer.run(
              "stun-tcp",
              () ->
                  look(port, server)
                      .flatMap(answer -> examination.secondPort(server, answer.other()))
                      .ifPresent(endpoint -> second.complete(Optional.of(endpoint)))));
    }
    CompletableFuture<Void> first =
        Examination.all(looks).thenRun(() -> second.complete(Optional.empty()));
    return Examination.all(
        List.of(
            first,
            second.thenCompose(
                endpoint -> endpoint.map(this::lookAgain).orElseGet(Examination::nothing))));
  }

  private CompletableFuture<Void> lookAgain(Endpoint second) {
    return Examination.all(
        examination.question().mappingPorts().stream()
            .map(port -> pacer.run("stun-tcp", () -> look(port, second)))
            .toList());
  }

  /** One look. The connection stays open. */
  private Optional<StunConnection.Answer> look(int port, Endpoint server) {
    long asked = System.nanoTime();
    try {
      StunConnection connection = new StunConnection(port, server);
      examination.use(connection);
      connection.connect(examination.patience());
      StunConnection.Answer answer = connection.ask(StunRequest.plain(), examination.patience());
      examination.observed(port, answer.mapped(), Transport.TCP, server, asked);
      return Optional.of(answer);
    } catch (IOException | RuntimeException e) {
      examination.failed(Transport.TCP, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }
}
