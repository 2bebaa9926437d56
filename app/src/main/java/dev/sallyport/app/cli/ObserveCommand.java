package dev.sallyport.app.cli;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.net.StunResponder;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** {@code sallyport observe}. */
final class ObserveCommand implements Command {
  private static final int STUN_PORT = 3478;

  @Override
  public String name() {
    return "observe";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Tells others how they look from outside, until Ctrl+C: a STUN server for UDP and TCP on two",
        "ports, N and N+1. Run it where no NAT is in front. With two addresses it also answers from",
        "the other one, which shows how a NAT filters. Whoever asks over TCP is dialled back at the",
        "address he asks from, never anywhere else.");
  }

  @Override
  public @Nullable String argument() {
    return null;
  }

  @Override
  public List<Flag> flags() {
    return List.of(Flag.OBSERVE_PORT, Flag.OBSERVE_BIND, Flag.UNTIL_EOF, Flag.JSON);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport observe --port 3478",
        "sallyport observe --port 3478 --bind 192.0.2.1,192.0.2.2");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(ExitCode.OK, ExitCode.USAGE, ExitCode.LOCAL_PROBLEM);
  }

  @Override
  public ExitCode run(Invocation run) throws ProblemException, InterruptedException {
    Typed typed = run.typed();
    String portText = typed.text(Flag.OBSERVE_PORT);
    String bind = typed.text(Flag.OBSERVE_BIND);
    int port = portText == null ? STUN_PORT : Arguments.port(portText, "");
    List<InetAddress> addresses = bind == null ? List.of() : Arguments.addresses(bind);
    CountDownLatch end = run.end();
    try (StunResponder responder = StunResponder.start(addresses, port)) {
      ready(run, responder.addresses(), port);
      end.await();
    } catch (IllegalArgumentException e) {
      throw ProblemException.usage(
          e.getMessage() + "; expected for example: " + examples().getLast());
    } catch (IOException e) {
      throw ProblemException.local(
          String.valueOf(e.getMessage()), "give another --port or --bind, or see: ss -lntup");
    }
    run.reporter().tell(new Event.Stopped("the observer has ended"));
    return ExitCode.OK;
  }

  private static void ready(Invocation run, List<InetAddress> addresses, int port) {
    List<Endpoint> places = addresses.stream().map(a -> new Endpoint(a, port)).toList();
    if (run.asJson()) {
      run.console()
          .result(run.json().event("ready").put("port", port).put("places", places).toString());
      return;
    }
    run.console()
        .result(
            "ready       answering over UDP and TCP at "
                + (places.isEmpty() ? "port " + port + " of every address" : Words.join(places))
                + ", and one port higher; others ask with --stun "
                + (places.isEmpty() ? "ADDRESS:" + port : places.getFirst()));
    if (places.size() < 2) {
      run.reporter()
          .tell(
              new Event.Remark(
                  "with one address we show others how their NAT maps, but only in part how it"
                      + " filters; for all of it give two: --bind A,B"));
    }
  }
}
