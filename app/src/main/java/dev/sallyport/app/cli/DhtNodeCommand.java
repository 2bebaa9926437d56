package dev.sallyport.app.cli;

import dev.sallyport.dht.DhtConfig;
import dev.sallyport.dht.DhtEvent;
import dev.sallyport.dht.DhtNode;
import dev.sallyport.dht.DhtNodes;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** {@code sallyport dht-node}. */
final class DhtNodeCommand implements Command {

  @Override
  public String name() {
    return "dht-node";
  }

  @Override
  public List<String> purpose() {
    return List.of(
        "Runs DHT nodes until Ctrl+C: a network of their own, or, with --bootstrap, as a part of",
        "another one. With several addresses they know each other. One node is enough for",
        "Sallyport on one machine or in one house.");
  }

  @Override
  public @Nullable String argument() {
    return null;
  }

  @Override
  public List<Flag> flags() {
    return List.of(Flag.NODE_PORT, Flag.BIND, Flag.BOOTSTRAP, Flag.UNTIL_EOF, Flag.JSON);
  }

  @Override
  public List<String> examples() {
    return List.of(
        "sallyport dht-node --port 6881",
        "sallyport dht-node --port 6881 --bind 127.0.0.1,127.0.0.2,127.0.0.3",
        "sallyport dht-node --port 6881 --bootstrap 192.0.2.1:6881");
  }

  @Override
  public List<ExitCode> exits() {
    return List.of(ExitCode.OK, ExitCode.USAGE, ExitCode.LOCAL_PROBLEM);
  }

  @Override
  public ExitCode run(Invocation run) throws ProblemException, InterruptedException {
    Typed typed = run.typed();
    String port = typed.text(Flag.NODE_PORT);
    String bind = typed.text(Flag.BIND);
    DhtConfig config =
        config(
            typed.bootstrap(),
            port == null ? 0 : Arguments.port(port, ", or none at all for any free one"),
            bind == null ? List.of() : Arguments.bind(bind));
    CountDownLatch end = run.end();
    try (DhtNodes nodes =
        DhtNodes.start(config, run.sealer(), event -> tell(run.reporter(), event))) {
      ready(run, nodes.nodes().stream().map(DhtNode::local).toList());
      end.await();
    } catch (IOException e) {
      throw ProblemException.local(
          String.valueOf(e.getMessage()), "give another --port or --bind, or see: ss -lunp");
    }
    run.reporter().tell(new Event.Stopped("the DHT nodes have ended"));
    return ExitCode.OK;
  }

  private static DhtConfig config(List<HostPort> bootstrap, int port, List<InetAddress> bind)
      throws ProblemException {
    try {
      return new DhtConfig(bootstrap, port, bind, null, null, false);
    } catch (IllegalArgumentException e) {
      throw ProblemException.usage(String.valueOf(e.getMessage()));
    }
  }

  private static void ready(Invocation run, List<Endpoint> nodes) {
    if (run.asJson()) {
      run.console().result(run.json().event("ready").put("nodes", nodes).toString());
      return;
    }
    Endpoint first = nodes.getFirst();
    boolean everywhere = first.address().isAnyLocalAddress();
    run.console()
        .result(
            "ready       "
                + Words.count(nodes.size(), "DHT node")
                + (everywhere
                    ? " on UDP port " + first.port() + " of every address"
                    : " at " + Words.endpoints(nodes))
                + "; others join with --bootstrap "
                + (everywhere ? "ADDRESS:" + first.port() : first));
  }

  private static void tell(Reporter reporter, DhtEvent event) {
    if (event instanceof DhtEvent.Alone(Endpoint node, String why)) {
      reporter.tell(new Event.Remark(node + " is alone, and goes on trying: " + why));
    }
  }
}
